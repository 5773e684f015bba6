-- One row per text at a URL that the staged pages bring, by the first of them.
create or replace temp table staged_sightings as
select
    pages.article_id, pages.canonical_url, pages.url_id, fetches.url, pages.domain, fetches.source, pages.title,
    pages.published_at, pages.published_precision, fetches.fetch_id, fetches.run_id,
    fetches.fetched_at as first_seen_at,
    max(fetches.fetched_at) over one_sighting as last_seen_at,
    fetches.loaded_at,
    -- A URL that one page claims and another owns is owned.
    if(count(*) over one_sighting = count(pages.own_url) over one_sighting, pages.own_url, null) as own_url,
    pages.place
from staged_pages as pages
inner join staged_fetches as fetches on pages.fetch_id = fetches.fetch_id
window one_sighting as (partition by pages.article_id, pages.url_id)
qualify row_number() over (partition by pages.article_id, pages.url_id order by pages.place) = 1
