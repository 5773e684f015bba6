-- One row per revision number that two texts have at one URL.
select url_id, revision, any_value(canonical_url) as canonical_url, count(*) as row_count
from sightings
where url_id in (select url_id from sightings where loaded_at >= $since)
group by url_id, revision
having count(*) > 1
