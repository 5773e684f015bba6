-- One row per staged exchange that is stored already.
delete from staged_fetches where fetch_id in (select fetch_id from stored_fetches)
