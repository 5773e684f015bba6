-- One row per poll_id that is stored more than once.
select poll_id, count(*) as row_count
from polls
where polled_at >= $since
group by poll_id
having count(*) > 1
