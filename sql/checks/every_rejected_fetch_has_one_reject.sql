-- One row per rejected exchange with no reject, or several.
with recent_rejects as (
    select fetch_id, count(*) as reject_count from rejects where loaded_at >= $since group by fetch_id
)
select fetches.fetch_id, fetches.source, fetches.url, fetches.reason, recent_rejects.reject_count
from fetches
left join recent_rejects on fetches.fetch_id = recent_rejects.fetch_id
where
    fetches.loaded_at >= $since
    and fetches.outcome = 'rejected'
    and recent_rejects.reject_count is distinct from 1
