-- One row per page that a run with an archive took, and that cannot be found there.
select fetches.fetch_id, fetches.source, fetches.url, fetches.warc_file
from fetches
inner join runs on fetches.run_id = runs.run_id
where
    fetches.loaded_at >= $since
    and runs.is_archiving
    and (fetches.digest is not null or fetches.outcome <> 'rejected')
    and fetches.raw_removed_at is null
    and (fetches.warc_file is null or fetches.warc_offset is null or fetches.warc_length is null)
