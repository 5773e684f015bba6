-- One row per URL whose claim stays as it is, since a text stands at the own URL of the page that claims it.
delete from evicted
where own_url_id in (
    select sightings.url_id from sightings semi join evicted on sightings.url_id = evicted.own_url_id
)
