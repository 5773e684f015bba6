-- One row: when the first exchange of the batch began.
select min(fetched_at) from staged_fetches
