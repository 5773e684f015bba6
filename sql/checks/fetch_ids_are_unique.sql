-- One row per fetch_id that is stored more than once.
select fetch_id, count(*) as row_count
from fetches
where fetch_id in (select fetch_id from fetches where loaded_at >= $since)
group by fetch_id
having count(*) > 1
