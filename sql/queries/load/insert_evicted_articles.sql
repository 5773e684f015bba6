-- One row per article that is stored anew with another canonical URL.
insert into articles by name
select * from evicted_articles
