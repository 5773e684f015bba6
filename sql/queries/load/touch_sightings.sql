-- One row per stored text at a URL that was fetched again. A URL that its own page shows is no mere claim any more.
update sightings
set
    last_seen_at = greatest(sightings.last_seen_at, staged.last_seen_at),
    own_url = if(staged.is_claimed, sightings.own_url, null)
from stored_sightings as stored
inner join staged_sightings as staged on stored.article_id = staged.article_id and stored.url_id = staged.url_id
where
    sightings.rowid = stored.stored_rowid
    and (stored.last_seen_at < staged.last_seen_at or (stored.own_url is not null and not staged.is_claimed))
