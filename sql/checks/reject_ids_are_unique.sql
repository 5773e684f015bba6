-- One row per reject_id that is stored more than once.
select reject_id, count(*) as row_count
from rejects
where reject_id in (select reject_id from rejects where loaded_at >= $since)
group by reject_id
having count(*) > 1
