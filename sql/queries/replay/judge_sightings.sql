-- One row per sighting of a touched text that is to be called otherwise: new where the text was met first.
update sightings
set outcome = case when placed.revision > 0 then 'revised' when placed.place = 1 then 'new' else 'seen' end
from placed_sightings as placed
where
    sightings.article_id = placed.article_id
    and sightings.url_id = placed.url_id
    and sightings.outcome
    <> case when placed.revision > 0 then 'revised' when placed.place = 1 then 'new' else 'seen' end
