-- One row per staged text at a URL that is not stored yet, judged as deduplication would now: a batch that waited on
-- disk was judged by what was stored then, and those which waited with it were not.
with heights as (
    select stored.url_id, max(stored.revision) as highest
    from sightings as stored
    semi join staged_sightings as staged on stored.url_id = staged.url_id
    group by stored.url_id
),
numbered as (
    select
        staged.article_id,
        staged.url_id,
        coalesce(heights.highest, -1)
        + row_number() over (partition by staged.url_id order by staged.rowid) as revision,
        row_number() over (partition by staged.article_id order by staged.rowid) as place
    from staged_sightings as staged
    anti join sightings as stored on staged.article_id = stored.article_id and staged.url_id = stored.url_id
    left join heights on staged.url_id = heights.url_id
)
update staged_sightings
set
    revision = numbered.revision,
    outcome = case
        when numbered.revision > 0 then 'revised'
        when numbered.place > 1 or numbered.article_id in (select article_id from articles) then 'seen'
        else 'new'
    end
from numbered
where staged_sightings.article_id = numbered.article_id and staged_sightings.url_id = numbered.url_id
