-- One row per source whose newest entries changed. Apart, since DuckDB writes a row anew where a list changes.
update sources
set last_entry_ids = looks.entry_ids
from (
    select polls."source", cast(looks.newest_ids as uuid[]) as entry_ids
    from staged_looks as looks
    inner join staged_polls as polls using (poll_id)
    where len(looks.newest_ids) > 0
) as looks
where sources.source = looks.source and sources.last_entry_ids is distinct from looks.entry_ids
