-- One row per source with pages that are selected: how many there are, and what the candidate would change.
with selected as (
    select fetches.*
    from fetches, candidate.replay
    where
        fetches.digest is not null
        and (len(replay.sources) = 0 or fetches.source in (select unnest(sources) from candidate.replay))
        and (replay.since is null or fetches.fetched_at >= replay.since)
),
compared as (
    select
        selected.source,
        pages.fetch_id is not null and pages.fault is null as is_cleaned,
        pages.fault is not null as is_broken,
        pages.fetch_id is null and selected.warc_file is null as is_missing,
        selected.article_id as old_id,
        pages.article_id as new_id,
        selected.reason as old_reason,
        pages.reason as new_reason,
        -- Only the page that describes an article can change what it says.
        stored.fetch_id is not null and pages.article_id is not null as is_described,
        stored.title is distinct from pages.title as is_title,
        (stored.published_at, stored.published_precision)
        is distinct from (pages.published_at, pages.published_precision) as is_date,
        stored.authors is distinct from pages.authors as is_authors
    from selected
    left join candidate.pages on selected.fetch_id = pages.fetch_id
    left join articles as stored
        on selected.fetch_id = stored.fetch_id and selected.article_id = stored.article_id
)
select
    source,
    count(*) filter (where is_cleaned) as page_count,
    count(*) filter (where is_cleaned and old_id is null and new_id is not null) as gained,
    count(*) filter (where is_cleaned and old_id is not null and new_id is null) as lost,
    count(*) filter (where is_cleaned and old_id <> new_id) as texts,
    count(*) filter (where is_cleaned and is_described and is_title) as titles,
    count(*) filter (where is_cleaned and is_described and is_date) as dates,
    count(*) filter (where is_cleaned and is_described and is_authors) as authors,
    count(*) filter (where is_cleaned and old_id is null and new_id is null and old_reason <> new_reason) as reasons,
    count(*) filter (where is_broken) as broken,
    count(*) filter (where is_missing) as missing
from compared
group by source
order by source
