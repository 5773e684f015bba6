-- One row per staged text, described by the page that says most about it, or of equals by the first.
create or replace temp table staged_articles as
select
    pages.* exclude (url_id, own_url, own_url_id, place),
    fetches.source, fetches.url, fetches.run_id, fetches.loaded_at,
    first_value(fetches.fetched_at) over (partition by pages.article_id order by pages.place) as first_seen_at
from staged_pages as pages
inner join staged_fetches as fetches on pages.fetch_id = fetches.fetch_id
qualify
    row_number() over (
        partition by pages.article_id
        order by described_count(pages.title, pages.authors, pages.published_at) desc, pages.place
    ) = 1
