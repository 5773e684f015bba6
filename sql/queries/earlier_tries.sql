-- One row per announced URL that was tried before: what the decision to look again needs.
with tries as (
    select
        fetches.url_id, fetches.fetched_at, fetches.modified_at, fetches.outcome, fetches.is_final,
        max(fetches.fetched_at) filter (where fetches.is_final) over one_url as final_at,
        max(fetches.fetched_at) filter (where fetches.outcome in ('new', 'revised')) over one_url as changed_at,
        min(fetches.fetched_at) over one_url as first_at
    from fetches
    semi join staged_urls on fetches.url_id = staged_urls.url_id
    window one_url as (partition by fetches.url_id)
)
select
    url_id,
    max(final_at) as final_at,
    max(modified_at) filter (where is_final) as final_modified_at,
    max(fetched_at) as last_at,
    max(modified_at) as last_modified_at,
    count(*) filter (where not is_final and (final_at is null or fetched_at > final_at)) as transient_count,
    count(*) filter (where outcome = 'seen' and fetched_at > coalesce(changed_at, first_at)) as fruitless_count
from tries
group by url_id
