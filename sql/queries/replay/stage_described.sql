-- One row per text that is new, or that a page describes otherwise than it is stored. The page that says most counts,
-- then the one that was loaded first, as in loading. Bodies are compared by hash, not carried along.
create or replace temp table described as
with descriptions as (
    select
        true as is_page, fetches.loaded_at, fetches.fetched_at, fetches.url,
        pages.* exclude (fault, reason, detail, evidence, url_id, own_url)
    from cleaned_pages as pages
    inner join fetches on pages.fetch_id = fetches.fetch_id and pages.article_id = fetches.article_id
    union all by name
    select false as is_page, articles.* exclude (run_id, first_seen_at, loaded_at)
    from articles
),
hashed as (
    select
        is_page, loaded_at, fetched_at, article_id, fetch_id, url,
        described_count(title, authors, published_at) as described,
        hash(*columns(* exclude (is_page, loaded_at, fetched_at))) as description_hash
    from descriptions
),
best as (
    select distinct on (article_id) *
    from hashed
    where is_page
    order by article_id, described desc, loaded_at, fetched_at, fetch_id
),
stored as (
    select hashed.*, articles.run_id, articles.first_seen_at
    from hashed
    inner join articles on hashed.article_id = articles.article_id
    where not hashed.is_page
),
-- Texts whose describing page was not cleaned again, and still stands for them.
standing as (
    select stored.article_id, stored.described
    from stored
    inner join fetches on stored.fetch_id = fetches.fetch_id and stored.article_id = fetches.article_id
    anti join (from cleaned_pages where fault is null) as cleaned on stored.fetch_id = cleaned.fetch_id
)
select
    best.article_id,
    best.fetch_id,
    best.url,
    coalesce(stored.run_id, firsts.run_id) as run_id,
    coalesce(stored.first_seen_at, firsts.first_seen_at) as first_seen_at,
    cast($at as timestamptz) as loaded_at
from best
left join ordered_sightings as firsts on best.article_id = firsts.article_id and firsts.position = 1
left join stored on best.article_id = stored.article_id
left join standing on best.article_id = standing.article_id
where
    (standing.described is null or standing.described < best.described)
    and stored.description_hash is distinct from best.description_hash
