-- One row per text at a URL that the staged pages bring, and the first of them.
create or replace temp table staged_sightings as
select
    pages.article_id,
    pages.url_id,
    min(pages.position) as position,
    max(fetches.fetched_at) as last_seen_at,
    -- A URL that one page claims and another owns is owned.
    count(*) = count(pages.own_url) as is_claimed
from staged_pages as pages
inner join staged_fetches as fetches on pages.fetch_id = fetches.fetch_id
group by pages.article_id, pages.url_id
