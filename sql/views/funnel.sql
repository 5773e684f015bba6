-- One row per run and source: what became of what was announced.
create view funnel as
select
    polls.run_id,
    runs.flow,
    runs.started_at,
    polls.source,
    count(*) as poll_count,
    count(*) filter (where polls.outcome = 'failed') as failed_count,
    cast(sum(polls.entry_count) as bigint) as entry_count,
    cast(sum(polls.known_count) as bigint) as known_count,
    cast(sum(polls.deferred_count) as bigint) as deferred_count,
    cast(sum(polls.entry_count - polls.known_count - polls.deferred_count) as bigint) as fetched_count,
    cast(sum(polls.rejected_count) as bigint) as rejected_count,
    cast(sum(polls.seen_count) as bigint) as seen_count,
    cast(sum(polls.revised_count) as bigint) as revised_count,
    cast(sum(polls.new_count) as bigint) as new_count
from polls
left join runs on polls.run_id = runs.run_id
group by polls.run_id, runs.flow, runs.started_at, polls.source;

comment on view funnel is 'One row per run and source: what became of what was announced. entry = known + deferred + fetched; fetched = rejected + seen + revised + new.';
comment on column funnel.run_id is 'The run.';
comment on column funnel.flow is 'Name of its flow.';
comment on column funnel.started_at is 'When it began.';
comment on column funnel.source is 'The source.';
comment on column funnel.poll_count is 'Looks at the source.';
comment on column funnel.failed_count is 'Of them, looks that failed.';
comment on column funnel.entry_count is 'Entries announced.';
comment on column funnel.known_count is 'Entries whose page had been taken before.';
comment on column funnel.deferred_count is 'Entries left for a later run.';
comment on column funnel.fetched_count is 'Entries whose page was asked for.';
comment on column funnel.rejected_count is 'Of them, ended with a reason.';
comment on column funnel.seen_count is 'Of them, brought a known text.';
comment on column funnel.revised_count is 'Of them, brought another text at a known URL.';
comment on column funnel.new_count is 'Of them, brought a new text.';
