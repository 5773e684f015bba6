-- One row per staged text at a URL that is stored and was met again.
-- Materialised, since DuckDB 1.5.5 cannot push the join's filter on a uuid down into an Arrow table.
with staged as materialized (from staged_sightings)

update sightings
set last_seen_at = staged.last_seen_at
from staged
where
    sightings.article_id = staged.article_id
    and sightings.url_id = staged.url_id
    and sightings.last_seen_at < staged.last_seen_at
