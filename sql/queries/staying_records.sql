-- One row per record of a WARC file that a source which keeps its pages there needs, in the order in which they lie.
select distinct warc_offset, warc_length
from fetches
where warc_file = $file and source not in (select unnest($sources))
order by warc_offset
