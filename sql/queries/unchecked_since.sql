-- One row: when the first run began since whose rows nobody has found good, or null where the last run was.
select min(started_at)
from runs
where
    flow = 'ingest'
    and started_at > coalesce(
        (select max(started_at) from runs where flow = 'ingest' and status in ('completed', 'stopped')),
        '-infinity'
    )
