-- One row per source that was looked at. A look that failed leaves what is known of the source's content.
with looks as (
    select
        polls.*,
        looks.* exclude (poll_id, newest_ids),
        len(looks.newest_ids) > 0 as has_entries,
        -- Entries that failed by what may pass wait for another try.
        polls.deferred_count > 0
        or polls.poll_id in (select poll_id from fetches where not is_final) as is_undone
    from staged_looks as looks
    inner join staged_polls as polls using (poll_id)
),
states as (
    select
        *,
        outcome = 'failed'
        or (outcome = 'unchanged' and coalesce(etag, last_modified, digest) is null)
        or (is_undone and is_part) as keeps_validators
    from looks
)
update sources
set
    title = coalesce(states.title, sources.title),
    last_polled_at = states.polled_at,
    last_ok_at = if(states.is_ok, states.polled_at, sources.last_ok_at),
    last_new_at = if(states.has_new, states.polled_at, sources.last_new_at),
    next_due_at = states.next_due_at,
    last_outcome = states.outcome,
    last_reason = states.reason,
    failure_count = if(states.is_ok, 0, sources.failure_count + 1),
    failure_points = states.failure_points,
    interval_s = states.interval_s,
    unchanged_count = case
        when states.outcome = 'unchanged' then sources.unchanged_count + 1
        when states.is_ok then 0
        else sources.unchanged_count
    end,
    etag = case
        when keeps_validators then sources.etag
        when not is_undone then states.etag
    end,
    last_modified = case
        when keeps_validators then sources.last_modified
        when not is_undone then states.last_modified
    end,
    digest = case
        when keeps_validators then sources.digest
        when not is_undone then states.digest
    end,
    last_entries_at = if(has_entries, states.polled_at, sources.last_entries_at)
from states
where sources.source = states.source
