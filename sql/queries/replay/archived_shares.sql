-- One row per source and WARC file that holds pages of it, and their bytes: a page that was fetched again counts once.
with records as (
    select distinct warc_file, source, warc_offset, warc_length
    from fetches
    where warc_file is not null
)
select warc_file as file, source, cast(sum(warc_length) as bigint) as byte_count
from records
group by warc_file, source
order by warc_file, source
