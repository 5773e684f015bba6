-- One row per body at an asked URL that the archive holds, and the place that was written last.
select
    fetches.url_id,
    fetches.digest,
    arg_max(
        {'file': fetches.warc_file, 'offset': fetches.warc_offset, 'length': fetches.warc_length}, fetches.loaded_at
    ) as place
from fetches
semi join staged_urls on fetches.url_id = staged_urls.url_id
where fetches.warc_file is not null and fetches.digest is not null
group by fetches.url_id, fetches.digest
