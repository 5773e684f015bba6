-- One row: the look, unless it is stored already.
insert into polls by name
select
    $poll_id as poll_id, $run_id as run_id, $source as "source", $polled_at as polled_at, $outcome as outcome,
    $reason as reason, $detail as detail, $evidence as evidence, $status as status, $final_url as final_url,
    $title as title, $entry_count as entry_count, $known_count as known_count, $deferred_count as deferred_count,
    $new_count as new_count, $seen_count as seen_count, $revised_count as revised_count,
    $rejected_count as rejected_count, $byte_count as byte_count, $duration_ms as duration_ms, $etag as etag,
    $last_modified as last_modified, $digest as digest, $next_due_at as next_due_at
where not exists (from polls where poll_id = $poll_id)
