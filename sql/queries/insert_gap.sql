-- One row: the gap before a poll. Without an estimate by dates, the rate of the days before says what was missed.
with recent_polls as (
    select polled_at, new_count + seen_count + revised_count as fresh_count
    from polls
    where
        source = $source
        and poll_id <> $poll_id
        and polled_at between cast($ended_at as timestamptz) - interval 14 day and cast($ended_at as timestamptz)
),
rates as (
    -- What the first poll found had gathered before it, so only the later ones count.
    select
        sum(fresh_count) filter (where polled_at > first_at)
        / nullif(date_diff('minute', any_value(first_at), max(polled_at)) / 60.0, 0) as entries_per_hour
    from recent_polls, (select min(polled_at) as first_at from recent_polls)
),
estimates as (
    select
        if(
            $missed_count is null,
            coalesce(rates.entries_per_hour, cast($entries_per_hour as double)),
            cast($entries_per_hour as double)
        ) as entries_per_hour,
        date_diff('minute', cast($started_at as timestamptz), cast($ended_at as timestamptz)) / 60.0 as hour_count
    from rates
)
insert into gaps by name
select
    $poll_id as poll_id, $run_id as run_id, $source as "source", $started_at as started_at, $ended_at as ended_at,
    $entry_count as entry_count, entries_per_hour,
    -- Not greatest() and least(): they pass over a null. A rate by dates a millisecond apart leads out of any column.
    cast(
        coalesce(
            $missed_count,
            case when rest < 0 then 0 when rest > 2147483647 then 2147483647 else round(rest) end
        ) as integer
    ) as missed_estimate
from (select *, entries_per_hour * hour_count - $entry_count as rest from estimates)
