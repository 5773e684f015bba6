-- One row per finished poll whose entries did not all end exactly once.
with ends as (
    select
        poll_id,
        count(*) filter (where outcome = 'new') as new_count,
        count(*) filter (where outcome = 'seen') as seen_count,
        count(*) filter (where outcome = 'revised') as revised_count,
        count(*) filter (where outcome = 'rejected') as rejected_count,
        count(*) as fetch_count
    from fetches
    where poll_id in (select poll_id from polls where polled_at >= $since)
    group by poll_id
)
select
    polls.poll_id, polls.source, polls.entry_count, polls.known_count, polls.deferred_count,
    polls.new_count, polls.seen_count, polls.revised_count, polls.rejected_count,
    coalesce(ends.fetch_count, 0) as fetch_count
from polls
left join ends on polls.poll_id = ends.poll_id
where
    polls.polled_at >= $since
    and (
        polls.entry_count <> polls.known_count + polls.deferred_count + coalesce(ends.fetch_count, 0)
        or polls.new_count <> coalesce(ends.new_count, 0)
        or polls.seen_count <> coalesce(ends.seen_count, 0)
        or polls.revised_count <> coalesce(ends.revised_count, 0)
        or polls.rejected_count <> coalesce(ends.rejected_count, 0)
    )
