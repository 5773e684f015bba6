-- One row where a look at a stream shares no entry with the last look that announced any.
select source
from sources
where
    source = $source
    -- A folder shows all it holds, not the latest of a stream.
    and kind not in ('files', 'warc')
    and last_entries_at < $polled_at
    and len(last_entry_ids) > 0
    and not list_has_any(last_entry_ids, cast(string_split($entry_ids, ' ') as uuid[]))
