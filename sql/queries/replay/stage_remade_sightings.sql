-- One row per text at a touched URL, as the exchanges have it now. A sighting whose first exchange stays, stays.
create or replace temp table remade_sightings as
with supporters as (
    select
        fetches.article_id, fetches.sighted_url_id as url_id, fetches.fetch_id, fetches.run_id, fetches.source,
        fetches.url, fetches.fetched_at
    from fetches
    semi join touched_urls on fetches.sighted_url_id = touched_urls.url_id
    where fetches.outcome <> 'rejected'
),
pairs as (
    select
        supporters.article_id,
        supporters.url_id,
        max(supporters.fetched_at) as last_seen_at,
        coalesce(
            any_value(supporters.fetch_id) filter (where supporters.fetch_id = stored.fetch_id),
            first(supporters.fetch_id order by supporters.fetched_at, supporters.fetch_id)
        ) as fetch_id
    from supporters
    left join sightings as stored
        on supporters.article_id = stored.article_id and supporters.url_id = stored.url_id
    group by supporters.article_id, supporters.url_id
),
remade as (
    select
        pairs.article_id,
        coalesce(pages.canonical_url, stored.canonical_url) as canonical_url,
        pairs.url_id,
        supporters.url,
        coalesce(pages.domain, stored.domain) as domain,
        supporters.source,
        if(pages.fetch_id is null, stored.title, pages.title) as title,
        if(pages.fetch_id is null, stored.published_at, pages.published_at) as published_at,
        if(pages.fetch_id is null, stored.published_precision, pages.published_precision) as published_precision,
        pairs.fetch_id,
        supporters.run_id,
        if(stored.fetch_id = pairs.fetch_id, stored.first_seen_at, supporters.fetched_at) as first_seen_at,
        pairs.last_seen_at,
        if(stored.fetch_id = pairs.fetch_id, stored.loaded_at, cast($at as timestamptz)) as loaded_at,
        stored.revision as old_revision
    from pairs
    inner join supporters on pairs.fetch_id = supporters.fetch_id
    left join sightings as stored on pairs.article_id = stored.article_id and pairs.url_id = stored.url_id
    left join candidate.pages on pairs.fetch_id = pages.fetch_id and pages.article_id = pairs.article_id
)
select
    * exclude (old_revision),
    'seen' as outcome,
    cast(
        row_number() over (partition by url_id order by first_seen_at, old_revision nulls last, fetch_id) - 1 as integer
    ) as revision
from remade
