-- One row: how many stored texts stand at a URL which their page merely claims.
select count(*) from stored_sightings where own_url is not null
