-- One row per staged page whose exchange is stored already.
delete from staged_pages where fetch_id in (select fetch_id from stored_fetches)
