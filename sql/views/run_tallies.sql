-- One row per run and source: what became of the entries.
create view run_tallies as
with reason_counts as (
    select run_id, source, reason, cast(count(*) as integer) as reject_count
    from rejects
    group by run_id, source, reason
),
reasons as (
    select run_id, source, map_from_entries(list(row(reason, reject_count) order by reason)) as reasons
    from reason_counts
    where reason is not null
    group by run_id, source
),
tallies as (
    select
        run_id,
        source,
        arg_max(outcome, polled_at) as poll_outcome,
        cast(sum(entry_count) as bigint) as entry_count,
        cast(sum(known_count) as bigint) as known_count,
        cast(sum(deferred_count) as bigint) as deferred_count,
        cast(sum(new_count) as bigint) as new_count,
        cast(sum(seen_count) as bigint) as seen_count,
        cast(sum(revised_count) as bigint) as revised_count,
        cast(sum(rejected_count) as bigint) as rejected_count
    from polls
    group by run_id, source
)
select tallies.*, coalesce(reasons.reasons, map([], [])) as reasons
from tallies
left join reasons on tallies.run_id = reasons.run_id and tallies.source = reasons.source;

comment on view run_tallies is 'One row per run and source that it polled: what became of the entries. entry_count = known + deferred + new + seen + revised + rejected.';
comment on column run_tallies.run_id is 'The run.';
comment on column run_tallies.source is 'The source.';
comment on column run_tallies.poll_outcome is 'Outcome of its last poll in the run: ok, unchanged or failed.';
comment on column run_tallies.entry_count is 'Entries that it announced.';
comment on column run_tallies.known_count is 'Entries whose page had been fetched before, or that were announced twice.';
comment on column run_tallies.deferred_count is 'Entries left for a later run.';
comment on column run_tallies.new_count is 'Entries that brought a new text.';
comment on column run_tallies.seen_count is 'Entries that brought a known text.';
comment on column run_tallies.revised_count is 'Entries that brought another text at a known URL.';
comment on column run_tallies.rejected_count is 'Entries that ended with a reason.';
comment on column run_tallies.reasons is 'Reason → number of rejects, a failed poll included.';
