-- One row per name of a source that is stored more than once.
select source, count(*) as row_count
from sources
where source in (select source from sources where configured_at >= $since or last_polled_at >= $since)
group by source
having count(*) > 1
