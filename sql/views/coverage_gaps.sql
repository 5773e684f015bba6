-- One row per interval in which entries of a source may have come and gone unseen.
create view coverage_gaps as
select
    gaps.source,
    gaps.started_at,
    gaps.ended_at,
    round(date_diff('minute', gaps.started_at, gaps.ended_at) / 60.0, 1) as hour_count,
    gaps.entry_count,
    round(gaps.entries_per_hour, 1) as entries_per_hour,
    gaps.missed_estimate,
    sources.every_s,
    gaps.poll_id,
    gaps.run_id,
    gaps.started_at as gap_from,
    gaps.ended_at as gap_to
from gaps
left join sources on gaps.source = sources.source;

comment on view coverage_gaps is 'One row per interval in which entries of a source may have come and gone unseen.';
comment on column coverage_gaps.source is 'The source.';
comment on column coverage_gaps.started_at is 'The earlier poll.';
comment on column coverage_gaps.ended_at is 'The later poll, which shares no entry with it.';
comment on column coverage_gaps.gap_from is 'Deprecated: started_at under its old name, which the next version removes.';
comment on column coverage_gaps.gap_to is 'Deprecated: ended_at under its old name, which the next version removes.';
comment on column coverage_gaps.hour_count is 'Hours between them.';
comment on column coverage_gaps.entry_count is 'Entries that the later look announced.';
comment on column coverage_gaps.entries_per_hour is 'Entries an hour: by the dates of those that the later look announced; where they do not tell, fresh ones over the 14 days before.';
comment on column coverage_gaps.missed_estimate is 'Entries that were probably missed; null where there were neither dates nor looks enough to tell.';
comment on column coverage_gaps.every_s is 'Configured interval between two polls, in seconds.';
comment on column coverage_gaps.poll_id is 'The later look.';
comment on column coverage_gaps.run_id is 'The run of the later look.';
