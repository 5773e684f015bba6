-- One row per staged exchange that brought a text: called as its sighting where it is the first of it, else seen.
with firsts as (
    select staged.article_id, staged.url_id, staged.fetch_id, staged.outcome
    from staged_sightings as staged
    anti join sightings as stored on staged.article_id = stored.article_id and staged.url_id = stored.url_id
),
judged as (
    select staged.fetch_id, coalesce(firsts.outcome, 'seen') as outcome
    from staged_fetches as staged
    left join firsts on staged.fetch_id = firsts.fetch_id
    where staged.outcome <> 'rejected'
)
update staged_fetches
set outcome = judged.outcome
from judged
where staged_fetches.fetch_id = judged.fetch_id
