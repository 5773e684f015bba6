-- One row per text that is new or described anew.
insert into articles by name
select * from described
