-- One row per body at an asked URL that the archive holds, and where the record lies that was written last.
with found as (
    -- One column of all rows is read, the others by row, since few are found.
    select fetches.rowid as stored_rowid
    from fetches
    semi join staged_urls on fetches.url_id = staged_urls.url_id
)
select
    fetches.url_id,
    fetches.digest,
    arg_max(
        {'file': fetches.warc_file, 'offset': fetches.warc_offset, 'length': fetches.warc_length}, fetches.loaded_at
    ) as record
from fetches
inner join found on fetches.rowid = found.stored_rowid
where fetches.warc_file is not null and fetches.digest is not null
group by fetches.url_id, fetches.digest
