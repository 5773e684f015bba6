-- One row per text at a URL that is not stored yet, judged in the order in which the pages were loaded. URL and text
-- unknown: new. Text known, URL unknown: seen, at one more URL. URL known with another text: revised, one revision
-- above the highest. That text at that URL is stored or staged once, no matter what stood there in between.
create or replace temp table judged_sightings as
with revisions as (
    select url_id, max(revision) as highest from stored_sightings group by url_id
),
numbered as (
    select
        staged.*,
        coalesce(revisions.highest, -1)
        + row_number() over (partition by staged.url_id order by staged.position) as revision
    from staged_sightings as staged
    anti join stored_sightings as stored on staged.article_id = stored.article_id and staged.url_id = stored.url_id
    left join revisions on staged.url_id = revisions.url_id
),
unknown_texts as (
    select article_id, min(position) as position
    from numbered
    where article_id not in (select article_id from stored_articles)
    group by article_id
)
select
    pages.article_id, pages.canonical_url, pages.url_id, pages.domain, pages.title, pages.published_at,
    pages.published_precision, if(numbered.is_claimed, pages.own_url, null) as own_url,
    fetches.url, fetches.source, fetches.fetch_id, fetches.run_id, fetches.fetched_at as first_seen_at,
    fetches.loaded_at, numbered.last_seen_at, cast(numbered.revision as integer) as revision,
    case
        when numbered.revision > 0 then 'revised'
        when unknown_texts.position is null then 'seen'
        else 'new'
    end as outcome
from numbered
inner join staged_pages as pages on numbered.position = pages.position
inner join staged_fetches as fetches on pages.fetch_id = fetches.fetch_id
left join unknown_texts on numbered.position = unknown_texts.position
