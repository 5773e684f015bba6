-- One row per staged text, and the page that says most about it, or of equals the first.
create or replace temp table staged_articles as
with described as (
    select
        pages.article_id, pages.position, fetches.fetched_at, fetches.run_id,
        described_count(pages.title, pages.authors, pages.published_at) as described
    from staged_pages as pages
    inner join staged_fetches as fetches on pages.fetch_id = fetches.fetch_id
)
select
    article_id,
    arg_max(position, (cast(described as bigint) << 32) - position) as position,
    max(described) as described,
    arg_min(fetched_at, position) as first_seen_at,
    any_value(run_id) as run_id
from described
group by article_id
