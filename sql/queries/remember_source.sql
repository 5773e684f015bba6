-- One row: the source that was looked at. A look that failed leaves what is known of the source's content.
update sources
set
    title = coalesce($title, title),
    last_polled_at = $polled_at,
    last_ok_at = case when $is_ok then $polled_at else last_ok_at end,
    last_new_at = case when $has_new then $polled_at else last_new_at end,
    next_due_at = $next_due_at,
    last_outcome = $outcome,
    last_reason = $reason,
    failure_count = case when $is_ok then 0 else failure_count + 1 end,
    failure_points = $failure_points,
    interval_s = $interval_s,
    unchanged_count = case
        when $outcome = 'unchanged' then unchanged_count + 1
        when $is_ok then 0
        else unchanged_count
    end,
    etag = case when $keeps_validators then etag else $etag end,
    last_modified = case when $keeps_validators then last_modified else $last_modified end,
    digest = case when $keeps_validators then digest else $digest end,
    last_entries_at = case when $has_entries then $polled_at else last_entries_at end
where source = $source
