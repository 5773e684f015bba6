-- One row per sighting of a text that is not stored.
select sightings.article_id, sightings.source, sightings.canonical_url
from sightings
anti join articles on sightings.article_id = articles.article_id
where sightings.loaded_at >= $since
