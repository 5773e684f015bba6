-- One row per run_id that is stored more than once.
select run_id, count(*) as row_count
from runs
where run_id in (select run_id from runs where started_at >= $since)
group by run_id
having count(*) > 1
