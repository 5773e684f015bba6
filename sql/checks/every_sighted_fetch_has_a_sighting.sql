-- One row per exchange that brought a text which was never seen anywhere.
select fetches.fetch_id, fetches.source, fetches.url, fetches.outcome
from fetches
anti join sightings on fetches.article_id = sightings.article_id
where fetches.loaded_at >= $since and fetches.outcome <> 'rejected'
