-- One row per exchange whose text at its URL is no sighting.
select fetches.fetch_id, fetches.source, fetches.url, fetches.article_id, fetches.sighted_url_id
from fetches
anti join sightings on fetches.article_id = sightings.article_id and fetches.sighted_url_id = sightings.url_id
where fetches.loaded_at >= $since and fetches.outcome <> 'rejected'
