-- One row per stored text at a URL of a staged page, be it the page's own or the one that it claims.
create or replace temp table stored_sightings as
select
    sightings.rowid as stored_rowid, sightings.url_id, sightings.article_id, sightings.revision, sightings.own_url,
    sightings.title, sightings.last_seen_at
from sightings
semi join (
    select url_id from staged_pages
    union
    select own_url_id from staged_pages where own_url_id is not null
) as urls on sightings.url_id = urls.url_id
