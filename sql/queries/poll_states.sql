-- One row per named source: what its last stored poll left for the next one.
select
    source,
    etag, last_modified, digest, config_digest, read_on, pause_s, skip_hours, skip_days,
    archive_file_count, archive_offset,
    next_due_at, interval_s, failure_points, last_entries_at, last_entry_ids, last_entries_since
from sources
where source in (select unnest(cast($names as varchar[])))
