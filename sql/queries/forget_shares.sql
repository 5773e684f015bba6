-- One row per exchange whose raw response is to go from a file in which others stay. Its digest stays.
update fetches
set warc_file = null, warc_offset = null, warc_length = null, raw_removed_at = $at
from staged_shares
where fetches.warc_file = staged_shares.file and fetches.source = staged_shares.source
