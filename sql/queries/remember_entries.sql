-- One row per source whose newest entries changed. Apart, since DuckDB writes a row anew where a list changes.
with newest as (
    select
        "source",
        unnest(cast(newest_ids as uuid[])) as url_id,
        unnest(cast(newest_since as timestamptz[])) as since,
        unnest(range(len(newest_ids))) as place
    from staged_polls
    where len(newest_ids) > 0
),
rejected as (
    -- Standing links whose page is no article prove no overlap of two polls.
    select url_id
    from fetches
    semi join newest on fetches.url_id = newest.url_id
    group by url_id
    having bool_and(outcome = 'rejected' and is_final)
),
judged as (
    -- Of a source most of whose pages are rejected, say for a paywall, every entry counts.
    select
        newest.*,
        rejected.url_id is null or 2 * count(rejected.url_id) over (partition by newest.source) > count(*) over (
            partition by newest.source
        ) as is_kept
    from newest
    left join rejected on newest.url_id = rejected.url_id
),
latest as (
    select
        "source",
        list(url_id order by place) filter (where is_kept) as entry_ids,
        list(since order by place) filter (where is_kept) as entries_since
    from judged
    group by "source"
)
update sources
set last_entry_ids = latest.entry_ids, last_entries_since = latest.entries_since
from latest
where sources.source = latest.source and sources.last_entry_ids is distinct from latest.entry_ids
