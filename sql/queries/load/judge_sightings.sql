-- One row per text at a URL that is not stored yet, judged in the order in which the pages were loaded. URL and text
-- unknown: new. Text known, URL unknown: seen, at one more URL. URL known with another text: revised, one revision
-- above the highest. That text at that URL is stored or staged once, no matter what stood there in between.
create or replace temp table judged_sightings as
with revisions as (
    select url_id, max(revision) as highest from stored_sightings group by url_id
),
numbered as (
    select
        staged.*,
        cast(
            coalesce(revisions.highest, -1) + row_number() over (partition by staged.url_id order by staged.place)
            as integer
        ) as revision,
        row_number() over (partition by staged.article_id order by staged.place) as text_place
    from staged_sightings as staged
    anti join stored_sightings as stored on staged.article_id = stored.article_id and staged.url_id = stored.url_id
    left join revisions on staged.url_id = revisions.url_id
)
select
    * exclude (place, text_place),
    case
        when revision > 0 then 'revised'
        when text_place > 1 or article_id in (select article_id from stored_articles) then 'seen'
        else 'new'
    end as outcome
from numbered
