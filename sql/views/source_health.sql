-- One row per source that is or was configured: whether it needs a person.
create view source_health as
with recent_fetches as (
    select
        source,
        count(*) filter (where outcome = 'rejected') as rejected_count,
        count(*) filter (where reasons.is_wall) as wall_count,
        count(*) as fetch_count
    from fetches
    left join reasons on fetches.reason = reasons.reason
    where fetched_at >= now() - interval 7 day
    group by source
),
recent_articles as (
    select source, count(*) as article_count
    from sightings
    where first_seen_at >= now() - interval 7 day
    group by source
),
recent_polls as (
    select source, median(duration_ms) as poll_ms
    from polls
    where outcome = 'ok' and polled_at >= now() - interval 7 day
    group by source
),
lengths as (
    -- What its articles measure now and measured in the four weeks before.
    select
        sightings.source,
        median(articles.word_count) filter (where sightings.first_seen_at >= now() - interval 7 day) as word_count_now,
        median(articles.word_count) filter (where sightings.first_seen_at < now() - interval 7 day) as word_count_then,
        count(*) filter (where sightings.first_seen_at >= now() - interval 7 day) as count_now,
        count(*) filter (where sightings.first_seen_at < now() - interval 7 day) as count_then
    from sightings
    inner join articles on sightings.article_id = articles.article_id
    where sightings.first_seen_at >= now() - interval 35 day
    group by sightings.source
),
recent_gaps as (
    select source, count(*) as gap_count, sum(missed_estimate) as missed_count
    from gaps
    where ended_at >= now() - interval 7 day
    group by source
),
habits as (
    -- The usual wait between two polls that brought something.
    select source, date_diff('second', min(polled_at), max(polled_at)) / (count(*) - 1) as habit_s
    from polls
    where new_count + seen_count + revised_count > 0 and polled_at >= now() - interval 30 day
    group by source
    having count(*) >= 3
),
judged as (
    select
        sources.source,
        sources.kind,
        case
            when not sources.is_configured then 'gone'
            when not sources.is_enabled then 'disabled'
            when sources.last_polled_at is null then 'new'
            when
                sources.failure_count >= 5
                and coalesce(sources.last_ok_at, '-infinity') <= sources.last_polled_at - interval 3 day
                then 'dead'
            -- One time-out of a source that works needs nobody.
            when
                sources.failure_count >= 3
                or (sources.failure_count > 0 and (sources.last_ok_at is null or reasons.is_urgent))
                then 'failing'
            when coalesce(recent_gaps.gap_count, 0) > 0 then 'gaps'
            when recent_fetches.wall_count >= 3 and recent_fetches.wall_count * 2 > recent_fetches.fetch_count then 'walls'
            when recent_fetches.fetch_count >= 5 and recent_fetches.rejected_count = recent_fetches.fetch_count then 'barren'
            -- A folder is silent by nature; a source whose habit is not known yet has a week.
            when
                sources.kind not in ('files', 'warc')
                and coalesce(sources.last_new_at, sources.configured_at)
                < now() - case
                    when habits.habit_s is null then interval 7 day
                    else greatest(interval 1 day, to_seconds(cast(5 * habits.habit_s as bigint)))
                end
                then 'silent'
            when
                least(lengths.count_now, lengths.count_then) >= 10
                and lengths.word_count_now * 2 not between lengths.word_count_then and lengths.word_count_then * 4
                then 'drifting'
            when recent_polls.poll_ms > 10000 then 'slow'
            when sources.next_due_at < now() - greatest(interval 1 hour, to_seconds(sources.every_s)) then 'late'
            else 'ok'
        end as health,
        sources.last_polled_at,
        sources.last_ok_at,
        sources.last_new_at,
        sources.next_due_at,
        sources.last_outcome,
        sources.last_reason,
        coalesce(sources.failure_count, 0) as failure_count,
        coalesce(recent_articles.article_count, 0) as article_count_7d,
        coalesce(recent_fetches.fetch_count, 0) as fetch_count_7d,
        coalesce(recent_fetches.rejected_count, 0) as rejected_count_7d,
        coalesce(recent_fetches.wall_count, 0) as wall_count_7d,
        coalesce(recent_gaps.gap_count, 0) as gap_count_7d,
        cast(recent_gaps.missed_count as bigint) as missed_estimate_7d,
        round(habits.habit_s / 3600.0, 1) as habit_hours
    from sources
    left join reasons on sources.last_reason = reasons.reason
    left join recent_fetches on sources.source = recent_fetches.source
    left join recent_articles on sources.source = recent_articles.source
    left join recent_polls on sources.source = recent_polls.source
    left join lengths on sources.source = lengths.source
    left join recent_gaps on sources.source = recent_gaps.source
    left join habits on sources.source = habits.source
)
select
    source, kind, health, health not in ('ok', 'new', 'disabled', 'gone') as needs_person,
    last_polled_at, last_ok_at, last_new_at, next_due_at, last_outcome, last_reason, failure_count,
    article_count_7d, fetch_count_7d, rejected_count_7d, wall_count_7d, gap_count_7d, missed_estimate_7d, habit_hours
from judged;

comment on view source_health is 'One row per source that is or was configured: whether it needs a person.';
comment on column source_health.source is 'The source.';
comment on column source_health.needs_person is 'Whether somebody has to look at it: false where health is ok, new, disabled or gone.';
comment on column source_health.last_polled_at is 'Last poll, whatever it brought.';
comment on column source_health.last_ok_at is 'Last poll that did not fail.';
comment on column source_health.last_new_at is 'Last poll of which a page brought an article: a new text, a revision, or a known text that was fetched again or found at another URL.';
comment on column source_health.next_due_at is 'Not polled before this instant.';
comment on column source_health.failure_count is 'Failed polls in a row.';
comment on column source_health.article_count_7d is 'Texts at a URL that the source was the first to bring, in the last 7 days.';
comment on column source_health.fetch_count_7d is 'Pages asked for in the last 7 days.';
comment on column source_health.rejected_count_7d is 'Of them, pages that ended with a reason.';
comment on column source_health.wall_count_7d is 'Of them, pages that ended with a reason which is a wall (reasons.is_wall): consent, bot check, paywall, empty shell.';
comment on column source_health.gap_count_7d is 'Coverage gaps of the last 7 days.';
comment on column source_health.missed_estimate_7d is 'Entries that were probably missed in them; null where there was no gap, or nothing to estimate it by.';
comment on column source_health.habit_hours is 'Mean hours between two polls that brought something, over 30 days; null where there were fewer than three.';
