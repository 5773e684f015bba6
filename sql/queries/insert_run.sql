-- One row: the run that begins.
insert into runs by name
select
    $run_id as run_id, $flow as flow, $prefect_run_id as prefect_run_id, $version as version,
    'running' as status, $started_at as started_at, $is_archiving as is_archiving
where not exists (from runs where runs.run_id = $run_id)
