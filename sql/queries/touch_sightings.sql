-- One row per staged text at a URL that is stored and was met again.
update sightings
set last_seen_at = staged.last_seen_at
from staged_sightings as staged
where
    sightings.article_id = staged.article_id
    and sightings.url_id = staged.url_id
    and sightings.last_seen_at < staged.last_seen_at
