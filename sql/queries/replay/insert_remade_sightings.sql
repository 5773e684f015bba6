-- One row per text at a touched URL, as it is now.
insert into sightings by name
select * from remade_sightings
