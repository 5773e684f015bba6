-- One row per text that is new, or that a page describes otherwise than it is stored. The page that says most counts,
-- then the one that counted so far, then the first: as in loading.
create or replace temp table described as
with told as (
    select
        pages.* exclude (fault, reason, detail, evidence, sighted_url_id),
        fetches.url,
        fetches.run_id as fetch_run_id,
        fetches.fetched_at,
        if(pages.title is null, 0, 1) + least(len(pages.authors), 1) + if(pages.published_at is null, 0, 1) as said,
        coalesce(stored.fetch_id = pages.fetch_id, false) as counted
    from candidate.pages
    inner join fetches on pages.fetch_id = fetches.fetch_id and pages.article_id = fetches.article_id
    left join articles as stored on pages.article_id = stored.article_id
),
best as (
    select distinct on (article_id) *
    from told
    order by article_id, said desc, counted desc, fetched_at, fetch_id
),
firsts as (
    select
        article_id,
        min(first_seen_at) as first_seen_at,
        first(run_id order by first_seen_at, loaded_at, url_id) as run_id
    from sightings
    group by article_id
),
-- Texts whose describing page was not cleaned again, and still stands for them.
standing as (
    select
        stored.article_id,
        if(stored.title is null, 0, 1) + least(len(stored.authors), 1) + if(stored.published_at is null, 0, 1) as said
    from articles as stored
    inner join fetches on stored.fetch_id = fetches.fetch_id and stored.article_id = fetches.article_id
    anti join candidate.pages on stored.fetch_id = pages.fetch_id and pages.fault is null
)
select
    best.* exclude (fetch_run_id, fetched_at, said, counted),
    coalesce(stored.run_id, firsts.run_id) as run_id,
    coalesce(stored.first_seen_at, firsts.first_seen_at) as first_seen_at,
    cast($at as timestamptz) as loaded_at
from best
inner join firsts on best.article_id = firsts.article_id
left join articles as stored on best.article_id = stored.article_id
left join standing on best.article_id = standing.article_id
where
    (standing.said is null or standing.said < best.said)
    and (
        stored.article_id is null
        or (
            stored.content_hash, stored.source, stored.url, stored.canonical_url, stored.domain, stored.title,
            stored.authors, stored.text, stored.language, stored.published_at, stored.published_precision,
            stored.published_origin, stored.published_offset, stored.modified_at, stored.description, stored.section,
            stored.tags, stored.image_url, stored.site_name, stored.page_url, stored.is_accessible_for_free,
            stored.word_count, stored.flags, stored.removed, stored.cleaner_version, stored.fetch_id
        ) is distinct from (
            best.content_hash, best.source, best.url, best.canonical_url, best.domain, best.title,
            best.authors, best.text, best.language, best.published_at, best.published_precision,
            best.published_origin, best.published_offset, best.modified_at, best.description, best.section,
            best.tags, best.image_url, best.site_name, best.page_url, best.is_accessible_for_free,
            best.word_count, best.flags, best.removed, best.cleaner_version, best.fetch_id
        )
    )
