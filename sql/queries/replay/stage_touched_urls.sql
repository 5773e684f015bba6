-- One row per URL at which a text comes or goes.
create or replace temp table touched_urls as
select old_url_id as url_id from moved where old_url_id is not null
union
select new_url_id from moved where new_url_id is not null
