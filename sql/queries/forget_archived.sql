-- One row per exchange whose raw response lies in a file that is to go. Its digest stays.
update fetches
set warc_file = null, warc_offset = null, warc_length = null, raw_removed_at = $at
where warc_file in (select unnest($files))
