-- One row: the run that ends.
update runs set status = $status, finished_at = $finished_at where run_id = $run_id
