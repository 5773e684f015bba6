-- One row: how many staged pages claim a canonical URL that is not their own.
select count(*) from staged_pages where own_url is not null
