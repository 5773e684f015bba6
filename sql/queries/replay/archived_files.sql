-- One row per WARC file with pages of the asked sources since an instant, in the order they were written.
select warc_file, count(*) as page_count
from fetches
where
    warc_file is not null
    and (len($sources) = 0 or source in (select unnest($sources)))
    and ($since is null or fetched_at >= cast($since as timestamptz))
group by warc_file
order by min(loaded_at), warc_file
