-- One row per text at a URL that is not stored yet.
insert into sightings by name
select * from judged_sightings
