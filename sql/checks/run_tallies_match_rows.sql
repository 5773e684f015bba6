-- One row per source of a finished run whose tally is not what is stored.
with ends as (
    select
        run_id, source,
        count(*) filter (where outcome = 'new') as new_count,
        count(*) filter (where outcome = 'seen') as seen_count,
        count(*) filter (where outcome = 'revised') as revised_count,
        count(*) filter (where outcome = 'rejected') as rejected_count
    from fetches
    where run_id in (select run_id from runs where started_at >= cast($since as timestamptz) - interval 1 day)
    group by run_id, source
)
select
    run_tallies.run_id, run_tallies.source, run_tallies.new_count, run_tallies.seen_count,
    run_tallies.revised_count, run_tallies.rejected_count
from run_tallies
inner join runs on run_tallies.run_id = runs.run_id
left join ends on run_tallies.run_id = ends.run_id and run_tallies.source = ends.source
where
    -- A run is judged before it says that it has finished, so the next ones judge it.
    runs.started_at >= cast($since as timestamptz) - interval 1 day
    and runs.status in ('completed', 'stopped')
    and (
        run_tallies.new_count <> coalesce(ends.new_count, 0)
        or run_tallies.seen_count <> coalesce(ends.seen_count, 0)
        or run_tallies.revised_count <> coalesce(ends.revised_count, 0)
        or run_tallies.rejected_count <> coalesce(ends.rejected_count, 0)
        or run_tallies.entry_count <> run_tallies.known_count + run_tallies.deferred_count + run_tallies.new_count
            + run_tallies.seen_count + run_tallies.revised_count + run_tallies.rejected_count
    )
