-- One row per stored article that a staged page says more about: title, authors and date are three things to say.
-- Materialised, since DuckDB 1.5.5 cannot push the join's filter on a uuid down into an Arrow table.
with staged as materialized (from staged_articles)

update articles
set
    source = staged.source,
    url = staged.url,
    canonical_url = staged.canonical_url,
    domain = staged.domain,
    title = staged.title,
    authors = staged.authors,
    published_at = staged.published_at,
    published_precision = staged.published_precision,
    published_origin = staged.published_origin,
    published_offset = staged.published_offset,
    modified_at = staged.modified_at,
    description = staged.description,
    section = staged.section,
    tags = staged.tags,
    image_url = staged.image_url,
    site_name = staged.site_name,
    page_url = staged.page_url,
    is_accessible_for_free = staged.is_accessible_for_free,
    language = staged.language,
    flags = staged.flags,
    removed = staged.removed,
    cleaner_version = staged.cleaner_version,
    fetch_id = staged.fetch_id
from staged
where
    articles.article_id = staged.article_id
    and (staged.title is not null)::integer
    + (len(staged.authors) > 0)::integer
    + (staged.published_at is not null)::integer
    > (articles.title is not null)::integer
    + (len(articles.authors) > 0)::integer
    + (articles.published_at is not null)::integer
