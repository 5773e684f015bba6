-- One row per staged poll. Those that are stored already have been dropped.
insert into polls by name
select * exclude (is_part, interval_s, failure_points, newest_ids, newest_since)
from staged_polls
