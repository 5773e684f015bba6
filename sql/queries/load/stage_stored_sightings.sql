-- One row per stored text at a URL of a staged page, be it the page's own or the one that it claims.
create or replace temp table stored_sightings as
with urls as (
    select url_id from staged_pages
    union
    select own_url_id from staged_pages where own_url_id is not null
),
found as (
    -- One column of all rows is read, the others by row, since few are found.
    select sightings.rowid as stored_rowid
    from sightings
    semi join urls on sightings.url_id = urls.url_id
)
select
    found.stored_rowid, sightings.url_id, sightings.article_id, sightings.revision, sightings.own_url,
    sightings.title, sightings.last_seen_at
from sightings
inner join found on sightings.rowid = found.stored_rowid
