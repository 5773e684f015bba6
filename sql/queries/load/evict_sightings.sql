-- One row per text that goes back to its page's own URL.
update sightings
set canonical_url = evicted.own_url, url_id = evicted.own_url_id, own_url = null
from evicted
where sightings.url_id = evicted.url_id
