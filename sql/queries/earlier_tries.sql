-- One row per announced URL that was tried before: what the decision to fetch it again needs. A try that lies in the
-- future was made under a wrong clock: it counts, but as if long ago, or the page would be left alone until then.
with dated as (
    select
        fetches.url_id, fetches.outcome, fetches.is_final,
        greatest(fetches.announced_modified_at, fetches.announced_published_at) as dated_at,
        if(fetches.fetched_at > $latest, timestamptz '1970-01-01 00:00:00+00', fetches.fetched_at) as fetched_at
    from fetches
    semi join staged_urls on fetches.url_id = staged_urls.url_id
),
tries as (
    select
        url_id, fetched_at, dated_at, outcome, is_final,
        max(fetched_at) filter (where is_final) over one_url as final_at,
        max(fetched_at) filter (where outcome in ('new', 'revised')) over one_url as changed_at,
        min(fetched_at) over one_url as first_at
    from dated
    window one_url as (partition by url_id)
)
select
    url_id,
    max(final_at) as final_at,
    max(dated_at) filter (where is_final) as final_dated_at,
    max(fetched_at) as last_at,
    max(dated_at) as last_dated_at,
    count(*) filter (where not is_final and (final_at is null or fetched_at > final_at)) as transient_count,
    count(*) filter (where outcome = 'seen' and fetched_at > coalesce(changed_at, first_at)) as fruitless_count
from tries
group by url_id
