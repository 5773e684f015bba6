-- One row per URL whose revisions are not 0, 1, 2 …
select url_id, any_value(canonical_url) as canonical_url, list(revision order by revision) as revisions
from sightings
where url_id in (select url_id from sightings where loaded_at >= $since)
group by url_id
having count(distinct revision) <> count(*) or min(revision) <> 0 or max(revision) <> count(*) - 1
