-- One row per sighting whose first exchange did not bring its text at its URL.
select sightings.article_id, sightings.canonical_url, sightings.fetch_id
from sightings
anti join fetches
    on sightings.fetch_id = fetches.fetch_id
    and sightings.article_id = fetches.article_id
    and sightings.url_id = fetches.sighted_url_id
where sightings.loaded_at >= $since
