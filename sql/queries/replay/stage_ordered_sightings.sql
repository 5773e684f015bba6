-- One row per sighting of a touched text, and its position among those of the text: what was loaded first comes first.
create or replace temp table ordered_sightings as
select
    sightings.*,
    row_number() over (
        partition by sightings.article_id
        order by fetches.loaded_at, fetches.fetched_at, fetches.fetch_id
    ) as position
from sightings
semi join touched_texts on sightings.article_id = touched_texts.article_id
inner join fetches on sightings.fetch_id = fetches.fetch_id
