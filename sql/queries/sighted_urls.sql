-- One row per text at an asked URL.
select sightings.url_id, sightings.article_id, sightings.revision
from sightings
semi join staged_urls on sightings.url_id = staged_urls.url_id
