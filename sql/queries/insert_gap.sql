-- One row where the look announced entries, and none of those of the last look that announced any.
with looks as (
    select polled_at, new_count + seen_count + revised_count as fresh_count
    from polls
    where
        source = $source
        and poll_id <> $poll_id
        and polled_at between cast($polled_at as timestamptz) - interval 14 day and cast($polled_at as timestamptz)
),
rates as (
    -- What the first look found had gathered before it, so only the later ones count.
    select
        sum(fresh_count) filter (where polled_at > first_at)
        / nullif(date_diff('minute', any_value(first_at), max(polled_at)) / 60.0, 0) as entries_per_hour
    from looks, (select min(polled_at) as first_at from looks)
),
gap as (
    select
        sources.last_entries_at as gap_from,
        date_diff('minute', sources.last_entries_at, cast($polled_at as timestamptz)) / 60.0 as hour_count,
        rates.entries_per_hour
    from sources
    cross join rates
    where sources.source = $source
)
insert into gaps by name
select
    $poll_id as poll_id, $run_id as run_id, $source as "source", gap_from, $polled_at as gap_to,
    $entry_count as entry_count, entries_per_hour,
    cast(greatest(0, round(entries_per_hour * hour_count - $entry_count)) as integer) as missed_estimate
from gap
