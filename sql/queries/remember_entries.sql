-- One row: the source whose newest entries changed. Apart, since DuckDB writes a row anew where a list changes.
update sources
set last_entry_ids = cast(string_split($entry_ids, ' ') as uuid[])
where source = $source and last_entry_ids is distinct from cast(string_split($entry_ids, ' ') as uuid[])
