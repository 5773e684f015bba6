-- One row per staged exchange that is not stored yet.
insert into fetches by name
select * from staged_fetches
