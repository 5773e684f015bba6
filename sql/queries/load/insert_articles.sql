-- One row per staged text that is not stored yet, or that is described better than the stored one.
insert into articles by name
select
    pages.* exclude (url_id, own_url, own_url_id, position),
    fetches.source, fetches.url, fetches.loaded_at, staged.run_id, staged.first_seen_at
from staged_articles as staged
inner join staged_pages as pages on staged.position = pages.position
inner join staged_fetches as fetches on pages.fetch_id = fetches.fetch_id
where
    staged.article_id not in (select article_id from stored_articles)
    or staged.article_id in (select article_id from less_described)
