-- One row per poll that failed without a reason, or gives one without having failed.
select poll_id, source, outcome, reason
from polls
where polled_at >= $since and (outcome = 'failed') <> (reason is not null)
