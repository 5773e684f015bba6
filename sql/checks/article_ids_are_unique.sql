-- One row per article_id that is stored more than once.
select article_id, count(*) as row_count
from articles
where article_id in (select article_id from articles where loaded_at >= $since)
group by article_id
having count(*) > 1
