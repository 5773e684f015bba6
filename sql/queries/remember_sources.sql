-- One row per source that was polled. A poll that failed leaves what is known of the source's content.
with finished as (
    select
        staged_polls.*,
        outcome <> 'failed' as is_ok,
        -- Entries that failed by what may pass wait for another try.
        deferred_count > 0 or poll_id in (select poll_id from fetches where not is_final) as is_undone
    from staged_polls
),
states as (
    select
        *,
        case
            when
                outcome = 'failed'
                or (outcome = 'unchanged' and coalesce(etag, last_modified, digest) is null)
                or (is_undone and is_part)
                then 'keep'
            when is_undone then 'void'
            else 'replace'
        end as validity
    from finished
)
update sources
set
    title = coalesce(states.title, sources.title),
    last_polled_at = states.polled_at,
    last_ok_at = if(states.is_ok, states.polled_at, sources.last_ok_at),
    last_new_at = if(
        states.new_count + states.seen_count + states.revised_count > 0, states.polled_at, sources.last_new_at
    ),
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
    etag = case validity when 'keep' then sources.etag when 'replace' then states.etag end,
    last_modified = case validity when 'keep' then sources.last_modified when 'replace' then states.last_modified end,
    digest = case validity when 'keep' then sources.digest when 'replace' then states.digest end,
    config_digest = case validity when 'keep' then sources.config_digest when 'replace' then states.config_digest end,
    read_on = case validity when 'keep' then sources.read_on when 'replace' then states.read_on end,
    pause_s = case validity when 'keep' then sources.pause_s when 'replace' then states.pause_s end,
    skip_hours = case validity when 'keep' then sources.skip_hours when 'replace' then states.skip_hours end,
    skip_days = case validity when 'keep' then sources.skip_days when 'replace' then states.skip_days end,
    archive_file_count = case validity
        when 'keep' then sources.archive_file_count
        when 'replace' then states.archive_file_count
    end,
    archive_offset = case validity
        when 'keep' then sources.archive_offset
        when 'replace' then states.archive_offset
    end,
    last_entries_at = if(len(states.newest_ids) > 0, states.polled_at, sources.last_entries_at)
from states
where sources.source = states.source
