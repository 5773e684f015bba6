-- One row per exchange whose raw response is in another file now.
update fetches
set warc_file = staged_moves.new_file, warc_offset = staged_moves.new_offset
from staged_moves
where fetches.warc_file = staged_moves.file and fetches.warc_offset = staged_moves."offset"
