-- One row per sighting of a touched text that is to be called otherwise: new where the text was seen first.
update sightings
set outcome = case when ordered.revision > 0 then 'revised' when ordered.position = 1 then 'new' else 'seen' end
from ordered_sightings as ordered
where
    sightings.article_id = ordered.article_id
    and sightings.url_id = ordered.url_id
    and sightings.outcome
    <> case when ordered.revision > 0 then 'revised' when ordered.position = 1 then 'new' else 'seen' end
