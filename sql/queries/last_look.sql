-- One row: what the last stored look of the source left for the next one.
select etag, last_modified, digest, last_entries_at, last_entry_ids, interval_s, failure_points
from sources
where source = $source
