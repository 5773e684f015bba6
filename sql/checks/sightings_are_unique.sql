-- One row per text at a URL that is stored more than once.
select article_id, url_id, count(*) as row_count
from sightings
where url_id in (select url_id from sightings where loaded_at >= $since)
group by article_id, url_id
having count(*) > 1
