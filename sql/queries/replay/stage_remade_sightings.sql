-- One row per text at a touched URL, as the exchanges have it now. What was loaded first comes first, as in loading.
create or replace temp table remade_sightings as
with supporters as (
    select
        fetches.article_id, fetches.sighted_url_id as url_id, fetches.fetch_id, fetches.run_id, fetches.source,
        fetches.url, fetches.fetched_at, fetches.loaded_at,
        max(fetches.fetched_at) over (partition by fetches.article_id, fetches.sighted_url_id) as last_seen_at
    from fetches
    semi join touched_urls on fetches.sighted_url_id = touched_urls.url_id
    where fetches.outcome <> 'rejected'
    qualify
        row_number() over (
            partition by fetches.article_id, fetches.sighted_url_id
            order by fetches.loaded_at, fetches.fetched_at, fetches.fetch_id
        ) = 1
)
select
    supporters.article_id,
    coalesce(pages.canonical_url, stored.canonical_url) as canonical_url,
    supporters.url_id,
    supporters.url,
    coalesce(pages.domain, stored.domain) as domain,
    if(pages.fetch_id is null, stored.own_url, pages.own_url) as own_url,
    supporters.source,
    'seen' as outcome,
    cast(
        row_number() over (
            partition by supporters.url_id
            order by supporters.loaded_at, supporters.fetched_at, supporters.fetch_id
        ) - 1 as integer
    ) as revision,
    if(pages.fetch_id is null, stored.title, pages.title) as title,
    if(pages.fetch_id is null, stored.published_at, pages.published_at) as published_at,
    if(pages.fetch_id is null, stored.published_precision, pages.published_precision) as published_precision,
    supporters.fetch_id,
    supporters.run_id,
    supporters.fetched_at as first_seen_at,
    supporters.last_seen_at,
    if(stored.fetch_id = supporters.fetch_id, stored.loaded_at, cast($at as timestamptz)) as loaded_at
from supporters
left join sightings as stored on supporters.article_id = stored.article_id and supporters.url_id = stored.url_id
left join cleaned_pages as pages on supporters.fetch_id = pages.fetch_id and supporters.article_id = pages.article_id
