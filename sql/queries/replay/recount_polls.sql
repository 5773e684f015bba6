-- One row per poll whose entries do not end as it says any more.
update polls
set
    new_count = ends.new_count,
    seen_count = ends.seen_count,
    revised_count = ends.revised_count,
    rejected_count = ends.rejected_count
from (
    select
        poll_id,
        count(*) filter (where outcome = 'new') as new_count,
        count(*) filter (where outcome = 'seen') as seen_count,
        count(*) filter (where outcome = 'revised') as revised_count,
        count(*) filter (where outcome = 'rejected') as rejected_count
    from fetches
    group by poll_id
) as ends
where
    polls.poll_id = ends.poll_id
    and (polls.new_count, polls.seen_count, polls.revised_count, polls.rejected_count)
    is distinct from (ends.new_count, ends.seen_count, ends.revised_count, ends.rejected_count)
