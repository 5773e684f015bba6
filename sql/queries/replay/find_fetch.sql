-- One row: the latest exchange behind an article (its describing one first), an exchange or a URL, kept ones first.
select
    fetches.fetch_id, fetches.poll_id, fetches.source, fetches.url, fetches.canonical_url, fetches.final_url,
    fetches.status, fetches.content_type, fetches.byte_count, fetches.duration_ms, fetches.attempt_count,
    fetches.digest, fetches.announced_published_at, fetches.announced_title, fetches.announced_authors,
    fetches.announced_language, fetches.announced_description, fetches.announced_modified_at, fetches.fetched_at,
    fetches.warc_file, fetches.warc_offset, fetches.warc_length, fetches.raw_removed_at
from fetches
left join articles on fetches.fetch_id = articles.fetch_id
where
    fetches.article_id = try_cast($what as uuid)
    or fetches.fetch_id = try_cast($what as uuid)
    or $what in (fetches.url, fetches.canonical_url, fetches.final_url)
order by
    fetches.warc_file is not null desc,
    coalesce(articles.article_id = try_cast($what as uuid), false) desc,
    fetches.fetched_at desc
limit 1
