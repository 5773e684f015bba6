-- One row per run that never wrote how it ended: since this process holds the lock, it cannot still be running.
update runs set status = 'interrupted' where status = 'running' and run_id <> $run_id
