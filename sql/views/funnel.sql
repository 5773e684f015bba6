-- One row per run and source: what became of the entries that the source announced.
create view funnel as
with source_polls as (
    select
        run_id,
        source,
        count(*) as poll_count,
        count(*) filter (where outcome = 'failed') as failed_count,
        arg_max(outcome, polled_at) as poll_outcome,
        cast(sum(entry_count) as bigint) as entry_count,
        cast(sum(known_count) as bigint) as known_count,
        cast(sum(deferred_count) as bigint) as deferred_count,
        cast(sum(rejected_count) as bigint) as rejected_count,
        cast(sum(seen_count) as bigint) as seen_count,
        cast(sum(revised_count) as bigint) as revised_count,
        cast(sum(new_count) as bigint) as new_count
    from polls
    group by run_id, source
),
reason_counts as (
    select run_id, source, reason, cast(count(*) as integer) as reject_count
    from rejects
    group by run_id, source, reason
),
source_reasons as (
    select run_id, source, map_from_entries(list(row(reason, reject_count) order by reason)) as reasons
    from reason_counts
    group by run_id, source
)
select
    source_polls.run_id,
    runs.flow,
    runs.started_at,
    source_polls.source,
    source_polls.poll_count,
    source_polls.failed_count,
    source_polls.poll_outcome,
    source_polls.entry_count,
    source_polls.known_count,
    source_polls.deferred_count,
    source_polls.entry_count - source_polls.known_count - source_polls.deferred_count as fetched_count,
    source_polls.rejected_count,
    source_polls.seen_count,
    source_polls.revised_count,
    source_polls.new_count,
    coalesce(source_reasons.reasons, map([], [])) as reasons
from source_polls
left join runs on source_polls.run_id = runs.run_id
left join source_reasons
    on source_polls.run_id = source_reasons.run_id and source_polls.source = source_reasons.source;

comment on view funnel is 'One row per run and source: what became of the entries that the source announced. entry = known + deferred + fetched; fetched = rejected + seen + revised + new.';
comment on column funnel.run_id is 'The run.';
comment on column funnel.flow is 'Name of its flow.';
comment on column funnel.started_at is 'When the run began.';
comment on column funnel.source is 'The source.';
comment on column funnel.poll_count is 'Polls of the source in this run; more than one where it comes in parts.';
comment on column funnel.failed_count is 'Of them, polls that failed.';
comment on column funnel.entry_count is 'Entries announced.';
comment on column funnel.known_count is 'Of them, entries whose page an earlier run had taken, or that were announced twice.';
comment on column funnel.deferred_count is 'Of them, entries left for a later run by a limit, a stop or a wait between two tries.';
comment on column funnel.fetched_count is 'Of them, entries whose page was asked for.';
comment on column funnel.rejected_count is 'Of those asked for, entries that ended with a reason.';
comment on column funnel.seen_count is 'Of those asked for, entries whose page brought a known text.';
comment on column funnel.revised_count is 'Of those asked for, entries whose page brought another text at a known URL.';
comment on column funnel.new_count is 'Of those asked for, entries whose page brought a new text.';
comment on column funnel.reasons is 'Reason → number of rejects, of entries and of polls that failed.';
