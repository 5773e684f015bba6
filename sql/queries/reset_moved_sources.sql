-- One row per source that now lies elsewhere: what was known of its content is void, and it is due at once.
update sources
set
    next_due_at = null,
    failure_count = 0,
    failure_points = 0,
    interval_s = null,
    unchanged_count = 0,
    etag = null,
    last_modified = null,
    digest = null,
    config_digest = null,
    read_on = null,
    pause_s = null,
    skip_hours = null,
    skip_days = null,
    archive_file_count = null,
    archive_offset = null,
    last_entries_at = null,
    last_entry_ids = null,
    last_entries_since = null
from staged_sources as staged
where
    sources.source = staged.source
    and (sources.location is distinct from staged.location or sources.kind is distinct from staged.kind)
