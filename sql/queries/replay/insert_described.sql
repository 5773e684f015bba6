-- One row per text that is new or described anew.
insert into articles by name
select
    described.*,
    pages.* exclude (article_id, fetch_id, fault, reason, detail, evidence, url_id, own_url)
from described
inner join cleaned_pages as pages on described.fetch_id = pages.fetch_id
