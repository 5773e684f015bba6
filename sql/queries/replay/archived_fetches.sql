-- One row per asked page of one WARC file, in the order in which they lie.
select
    fetch_id, poll_id, source, url, canonical_url, final_url, status, content_type, byte_count, duration_ms,
    attempt_count, digest, announced_published_at, announced_title, announced_authors, announced_language,
    announced_description, announced_modified_at, fetched_at, warc_file, warc_offset, warc_length
from fetches
where
    warc_file = $file
    and (len($sources) = 0 or source in (select unnest($sources)))
    and ($since is null or fetched_at >= cast($since as timestamptz))
    -- The feed's text is kept nowhere but in the article: its page would be a wall again.
    and (
        article_id is null
        or article_id not in (from articles select article_id where list_contains(flags, 'text-from-feed'))
    )
order by warc_offset, fetch_id
