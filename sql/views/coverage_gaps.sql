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
comment on column coverage_gaps.started_at is 'Instant of the earlier poll, the last one that announced any entries.';
comment on column coverage_gaps.ended_at is 'Instant of the later poll, which shows nothing that proves the interval without a loss.';
comment on column coverage_gaps.hour_count is 'Hours between the two polls.';
comment on column coverage_gaps.entry_count is 'Entries that the later poll announced.';
comment on column coverage_gaps.entries_per_hour is 'Entries an hour: by the dates of those that the later poll announced; where there are no dates to go by, the rate of articles over the 14 days before; null where there were too few polls.';
comment on column coverage_gaps.missed_estimate is 'Entries that were probably missed; null where there were neither dates nor polls enough to estimate it.';
comment on column coverage_gaps.every_s is 'Configured interval between two polls, in seconds.';
comment on column coverage_gaps.poll_id is 'The later poll.';
comment on column coverage_gaps.run_id is 'The run of the later poll.';
comment on column coverage_gaps.gap_from is 'The same as started_at, under its former name; goes with the next version.';
comment on column coverage_gaps.gap_to is 'The same as ended_at, under its former name; goes with the next version.';
