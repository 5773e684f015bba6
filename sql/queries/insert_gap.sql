-- One row where the look announced entries, and none of those of the last look that announced any.
with rates as (
    select
        sum(entry_count - known_count) as fresh_count,
        date_diff('minute', min(polled_at), max(polled_at)) / 60.0 as hour_count
    from polls
    where
        source = $source
        and polled_at between cast($polled_at as timestamptz) - interval 14 day and cast($polled_at as timestamptz)
        and poll_id <> $poll_id
),
gap as (
    select
        sources.last_entries_at as gap_from,
        date_diff('minute', sources.last_entries_at, cast($polled_at as timestamptz)) / 60.0 as hour_count,
        case when rates.hour_count >= 1 then rates.fresh_count / rates.hour_count end as entries_per_hour
    from sources cross join rates
    where
        sources.source = $source
        and sources.kind <> 'files'
        and len(sources.last_entry_ids) > 0
        and len($entry_ids) > 0
        and not list_has_any(sources.last_entry_ids, $entry_ids)
        and sources.last_entries_at < $polled_at
)
insert into gaps by name
select
    $poll_id as poll_id, $run_id as run_id, $source as source, gap_from, $polled_at as gap_to,
    len($entry_ids) as entry_count, entries_per_hour,
    cast(greatest(0, round(entries_per_hour * hour_count - len($entry_ids))) as integer) as missed_estimate
from gap
where not exists (from gaps where gaps.poll_id = $poll_id)
