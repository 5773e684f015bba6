-- One row per run that never said how it ended: with the lock in our hands it cannot still be at work.
update runs set status = 'interrupted' where status = 'running' and run_id <> $run_id
