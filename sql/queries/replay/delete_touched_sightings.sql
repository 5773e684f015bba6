-- One row per text at a touched URL, as it was.
delete from sightings where url_id in (select url_id from touched_urls)
