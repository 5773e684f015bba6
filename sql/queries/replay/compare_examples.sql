-- One row per example of a change, at most $most for each source and kind of change.
with compared as (
    select
        fetches.source,
        coalesce(fetches.final_url, fetches.url) as url,
        fetches.fetch_id,
        fetches.fetched_at,
        fetches.article_id as old_id,
        fetches.reason as old_reason,
        pages.article_id as new_id,
        pages.reason as new_reason,
        pages.detail,
        before.text as old_text,
        pages.text as new_text,
        described.fetch_id is not null and pages.article_id is not null as is_described,
        described.title as old_title,
        pages.title as new_title,
        described.published_at as old_at,
        pages.published_at as new_at,
        described.published_precision as old_precision,
        pages.published_precision as new_precision,
        described.authors as old_authors,
        pages.authors as new_authors
    from candidate.pages
    inner join fetches on pages.fetch_id = fetches.fetch_id
    left join articles as before on fetches.article_id = before.article_id
    left join articles as described
        on fetches.fetch_id = described.fetch_id and fetches.article_id = described.article_id
    where pages.fault is null
),
changes as (
    select source, 'gained' as kind, url, fetch_id, fetched_at, old_reason as before, new_text as after
    from compared
    where old_id is null and new_id is not null
    union all by name
    select
        source, 'lost' as kind, url, fetch_id, fetched_at, old_text as before,
        concat_ws(': ', new_reason, detail) as after
    from compared
    where old_id is not null and new_id is null
    union all by name
    select source, 'texts' as kind, url, fetch_id, fetched_at, old_text as before, new_text as after
    from compared
    where old_id <> new_id
    union all by name
    select source, 'titles' as kind, url, fetch_id, fetched_at, old_title as before, new_title as after
    from compared
    where is_described and old_title is distinct from new_title
    union all by name
    select
        source, 'dates' as kind, url, fetch_id, fetched_at,
        concat(old_at, ' (' || old_precision || ')') as before, concat(new_at, ' (' || new_precision || ')') as after
    from compared
    where is_described and (old_at, old_precision) is distinct from (new_at, new_precision)
    union all by name
    select
        source, 'authors' as kind, url, fetch_id, fetched_at,
        array_to_string(old_authors, ', ') as before, array_to_string(new_authors, ', ') as after
    from compared
    where is_described and old_authors is distinct from new_authors
    union all by name
    select source, 'reasons' as kind, url, fetch_id, fetched_at, old_reason as before, new_reason as after
    from compared
    where old_id is null and new_id is null and old_reason <> new_reason
    union all by name
    select
        fetches.source, 'broken' as kind, coalesce(fetches.final_url, fetches.url) as url, fetches.fetch_id,
        fetches.fetched_at, null as before, pages.fault as after
    from candidate.pages
    inner join fetches on pages.fetch_id = fetches.fetch_id
    where pages.fault is not null
)
select source, kind, url, fetch_id, before, after
from changes
qualify row_number() over (partition by source, kind order by fetched_at desc, fetch_id) <= $most
order by source, kind, fetched_at desc, fetch_id
