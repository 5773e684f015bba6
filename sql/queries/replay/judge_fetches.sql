-- One row per exchange of a touched text that is to be called as its sighting, or seen where another was the first.
update fetches
set outcome = if(sightings.fetch_id = fetches.fetch_id, sightings.outcome, 'seen')
from sightings
where
    fetches.article_id in (select article_id from touched_texts)
    and fetches.article_id = sightings.article_id
    and fetches.sighted_url_id = sightings.url_id
    and fetches.outcome <> if(sightings.fetch_id = fetches.fetch_id, sightings.outcome, 'seen')
