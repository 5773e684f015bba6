-- One row per source of a run whose entries do not end as its tally says any more.
update run_tallies
set
    new_count = ends.new_count,
    seen_count = ends.seen_count,
    revised_count = ends.revised_count,
    rejected_count = ends.rejected_count
from (
    select
        fetches.run_id,
        fetches.source,
        count(*) filter (where fetches.outcome = 'new') as new_count,
        count(*) filter (where fetches.outcome = 'seen') as seen_count,
        count(*) filter (where fetches.outcome = 'revised') as revised_count,
        count(*) filter (where fetches.outcome = 'rejected') as rejected_count
    from fetches
    inner join runs on fetches.run_id = runs.run_id
    where runs.status in ('completed', 'stopped')
    group by fetches.run_id, fetches.source
) as ends
where
    run_tallies.run_id = ends.run_id
    and run_tallies.source = ends.source
    and (run_tallies.new_count, run_tallies.seen_count, run_tallies.revised_count, run_tallies.rejected_count)
    is distinct from (ends.new_count, ends.seen_count, ends.revised_count, ends.rejected_count)
