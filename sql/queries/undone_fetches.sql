-- One row: entries of a look that failed by what may pass, and so wait for another try.
select count(*) from fetches where poll_id = $poll_id and not is_final
