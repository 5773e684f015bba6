-- One row per run and source: the counts of funnel.
create view run_tallies as
select
    run_id, source, poll_outcome, entry_count, known_count, deferred_count, new_count, seen_count, revised_count,
    rejected_count, reasons
from funnel;

comment on view run_tallies is 'One row per run and source: the counts of the view funnel, under the name of the table that held them up to schema version 4. entries = known + deferred + new + seen + revised + rejected.';
comment on column run_tallies.run_id is 'The run.';
comment on column run_tallies.source is 'The source.';
comment on column run_tallies.entry_count is 'Entries announced.';
comment on column run_tallies.known_count is 'Entries whose page an earlier run had taken, or that were announced twice.';
comment on column run_tallies.deferred_count is 'Entries left for a later run.';
comment on column run_tallies.new_count is 'Entries whose page brought a new text.';
comment on column run_tallies.seen_count is 'Entries whose page brought a known text.';
comment on column run_tallies.revised_count is 'Entries whose page brought another text at a known URL.';
comment on column run_tallies.rejected_count is 'Entries that ended with a reason.';
comment on column run_tallies.reasons is 'Reason → number of rejects, of entries and of polls that failed.';
