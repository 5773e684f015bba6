-- One row per sighting of a touched text that is to be called otherwise: new where the text was met first.
update sightings
set outcome = judged.outcome
from (
    select
        article_id,
        url_id,
        case
            when revision > 0 then 'revised'
            when row_number() over (partition by article_id order by first_seen_at, loaded_at, url_id) = 1 then 'new'
            else 'seen'
        end as outcome
    from sightings
    semi join touched_texts on sightings.article_id = touched_texts.article_id
) as judged
where
    sightings.article_id = judged.article_id
    and sightings.url_id = judged.url_id
    and sightings.outcome <> judged.outcome
