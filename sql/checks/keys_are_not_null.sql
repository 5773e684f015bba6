-- One row per row that lacks what identifies it or joins it.
select 'sources' as table_name, source as example
from sources
where source is null or kind is null or is_enabled is null or is_configured is null
union all
select 'runs', cast(run_id as varchar)
from runs
where run_id is null or flow is null or status is null or started_at is null
union all
select 'polls', cast(poll_id as varchar)
from polls
where
    (polled_at >= $since or polled_at is null)
    and (poll_id is null or run_id is null or source is null or outcome is null or polled_at is null)
union all
select 'gaps', cast(poll_id as varchar)
from gaps
where
    (ended_at >= $since or ended_at is null)
    and (poll_id is null or run_id is null or source is null or started_at is null or ended_at is null)
union all
select 'fetches', cast(fetch_id as varchar)
from fetches
where
    (loaded_at >= $since or loaded_at is null)
    and (
        fetch_id is null or run_id is null or poll_id is null or source is null or url is null or url_id is null
        or outcome is null or is_final is null or fetched_at is null or loaded_at is null
    )
union all
select 'rejects', cast(reject_id as varchar)
from rejects
where
    (loaded_at >= $since or loaded_at is null)
    and (
        reject_id is null or run_id is null or source is null or stage is null or reason is null or url is null
        or rejected_at is null or loaded_at is null
    )
union all
select 'sightings', cast(article_id as varchar)
from sightings
where
    (loaded_at >= $since or loaded_at is null)
    and (
        article_id is null or url_id is null or canonical_url is null or source is null or outcome is null
        or revision is null or fetch_id is null or run_id is null or first_seen_at is null or last_seen_at is null
        or loaded_at is null
    )
union all
select 'articles', cast(article_id as varchar)
from articles
where
    (loaded_at >= $since or loaded_at is null)
    and (
        article_id is null or content_hash is null or source is null or canonical_url is null or fetch_id is null
        or run_id is null or first_seen_at is null or loaded_at is null
    )
