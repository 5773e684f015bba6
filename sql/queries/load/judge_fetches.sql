-- One row per staged exchange that brought a text: it ends as its sighting where it is the first of it, else as seen.
update staged_fetches
set
    article_id = pages.article_id,
    sighted_url_id = pages.url_id,
    outcome = coalesce(judged.outcome, 'seen')
from staged_pages as pages
left join judged_sightings as judged on pages.fetch_id = judged.fetch_id
where staged_fetches.fetch_id = pages.fetch_id
