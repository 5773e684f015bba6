-- One row per sighting whose first page gives another title or date now.
update sightings
set title = pages.title, published_at = pages.published_at, published_precision = pages.published_precision
from cleaned_pages as pages
where
    sightings.fetch_id = pages.fetch_id
    and sightings.article_id = pages.article_id
    and (
        sightings.title is distinct from pages.title
        or sightings.published_at is distinct from pages.published_at
        or sightings.published_precision is distinct from pages.published_precision
    )
