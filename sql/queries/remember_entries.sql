-- One row per source whose newest entries changed. Apart, since DuckDB writes a row anew where a list changes.
update sources
set last_entry_ids = latest.entry_ids
from (
    select "source", cast(newest_ids as uuid[]) as entry_ids
    from staged_polls
    where len(newest_ids) > 0
) as latest
where sources.source = latest.source and sources.last_entry_ids is distinct from latest.entry_ids
