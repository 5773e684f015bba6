-- One row per exchange that ends otherwise by the candidate: with another text, at another URL, or for another reason.
create or replace temp table moved as
select
    fetches.fetch_id,
    fetches.run_id,
    fetches.source,
    fetches.article_id as old_article_id,
    fetches.sighted_url_id as old_url_id,
    pages.article_id as new_article_id,
    pages.url_id as new_url_id,
    pages.reason,
    pages.detail,
    pages.evidence
from cleaned_pages as pages
inner join fetches on pages.fetch_id = fetches.fetch_id
left join rejects on fetches.fetch_id = rejects.fetch_id
where
    pages.fault is null
    and (
        pages.article_id is distinct from fetches.article_id
        or pages.url_id is distinct from fetches.sighted_url_id
        or pages.reason is distinct from fetches.reason
        or pages.detail is distinct from rejects.detail
        or pages.evidence is distinct from rejects.evidence
    )
