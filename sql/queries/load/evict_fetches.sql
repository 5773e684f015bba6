-- One row per exchange whose text goes back to its page's own URL.
update fetches
set sighted_url_id = evicted.own_url_id
from evicted
where fetches.sighted_url_id = evicted.url_id
