-- One row per text that is new, or that a page describes otherwise than it is stored. The page that says most counts,
-- then the one that was loaded first, as in loading. Bodies are compared by hash, not carried along.
create or replace temp table described as
with told as (
    select
        pages.article_id,
        pages.fetch_id,
        fetches.url,
        fetches.fetched_at,
        fetches.loaded_at,
        if(pages.title is null, 0, 1) + least(len(pages.authors), 1) + if(pages.published_at is null, 0, 1) as said,
        hash(
            pages.fetch_id, fetches.source, fetches.url, pages.canonical_url, pages.domain, pages.content_hash,
            pages.title, pages.authors, pages.text, pages.language, pages.published_at, pages.published_precision,
            pages.published_origin, pages.published_offset, pages.modified_at, pages.description, pages.section,
            pages.tags, pages.image_url, pages.site_name, pages.page_url, pages.is_accessible_for_free,
            pages.word_count, pages.flags, pages.removed, pages.cleaner_version
        ) as told_hash
    from candidate.pages
    inner join fetches on pages.fetch_id = fetches.fetch_id and pages.article_id = fetches.article_id
),
stored as (
    select
        article_id,
        fetch_id,
        run_id,
        first_seen_at,
        if(title is null, 0, 1) + least(len(authors), 1) + if(published_at is null, 0, 1) as said,
        hash(
            fetch_id, source, url, canonical_url, domain, content_hash,
            title, authors, text, language, published_at, published_precision,
            published_origin, published_offset, modified_at, description, section,
            tags, image_url, site_name, page_url, is_accessible_for_free,
            word_count, flags, removed, cleaner_version
        ) as told_hash
    from articles
),
best as (
    select distinct on (article_id) *
    from told
    order by article_id, said desc, loaded_at, fetched_at, fetch_id
),
-- Texts whose describing page was not cleaned again, and still stands for them.
standing as (
    select stored.article_id, stored.said
    from stored
    inner join fetches on stored.fetch_id = fetches.fetch_id and stored.article_id = fetches.article_id
    anti join (from candidate.pages where fault is null) as cleaned on stored.fetch_id = cleaned.fetch_id
)
select
    best.article_id,
    best.fetch_id,
    best.url,
    coalesce(stored.run_id, firsts.run_id) as run_id,
    coalesce(stored.first_seen_at, firsts.first_seen_at) as first_seen_at,
    cast($at as timestamptz) as loaded_at
from best
left join placed_sightings as firsts on best.article_id = firsts.article_id and firsts.place = 1
left join stored on best.article_id = stored.article_id
left join standing on best.article_id = standing.article_id
where (standing.said is null or standing.said < best.said) and stored.told_hash is distinct from best.told_hash
