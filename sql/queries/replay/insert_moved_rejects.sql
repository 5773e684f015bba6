-- One row per exchange that ends with a reason now, or with another one.
insert into rejects by name
select
    fetches.fetch_id as reject_id, fetches.fetch_id, fetches.poll_id, fetches.run_id, fetches.source,
    fetches.stage, fetches.reason, moved.detail, moved.evidence, fetches.url, fetches.canonical_url,
    fetches.final_url, fetches.status, fetches.fetched_at as rejected_at, $at as loaded_at
from moved
inner join fetches on moved.fetch_id = fetches.fetch_id
where moved.reason is not null
