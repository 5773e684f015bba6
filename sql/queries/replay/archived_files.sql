-- One row per WARC file with pages of the asked sources since an instant, in the order they were written.
select warc_file, count(*) as page_count
from fetches
where
    warc_file is not null
    and (len($sources) = 0 or source in (select unnest($sources)))
    and ($since is null or fetched_at >= cast($since as timestamptz))
    -- The feed's text is kept nowhere but in the article: its page would be a wall again.
    and (
        article_id is null
        or article_id not in (from articles select article_id where list_contains(flags, 'text-from-feed'))
    )
group by warc_file
order by min(loaded_at), warc_file
