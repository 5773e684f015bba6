-- One row per text that is new or described anew.
insert into articles by name
select
    described.*,
    pages.* exclude (article_id, fetch_id, fault, reason, detail, evidence, sighted_url_id)
from described
inner join candidate.pages on described.fetch_id = pages.fetch_id
