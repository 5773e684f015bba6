-- One row per gap whose later poll is not stored, or that is stored more than once.
select gaps.poll_id, gaps.source, count(*) as row_count, count(polls.poll_id) as poll_count
from gaps
left join polls on gaps.poll_id = polls.poll_id and gaps.source = polls.source
where gaps.ended_at >= $since
group by gaps.poll_id, gaps.source
having count(*) > 1 or count(polls.poll_id) = 0
