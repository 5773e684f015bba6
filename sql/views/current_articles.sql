-- One row per canonical URL: the text that stood there last.
create view current_articles as
with current_sightings as (
    select *
    from sightings
    -- A text that returns to its URL is current again, and keeps its revision.
    qualify row_number() over (partition by url_id order by last_seen_at desc, revision desc) = 1
)
select
    current_sightings.canonical_url,
    current_sightings.domain,
    current_sightings.source,
    current_sightings.revision,
    current_sightings.first_seen_at,
    current_sightings.last_seen_at,
    coalesce(current_sightings.title, articles.title) as title,
    articles.authors,
    coalesce(current_sightings.published_at, articles.published_at) as published_at,
    if(
        current_sightings.published_at is null, articles.published_precision, current_sightings.published_precision
    ) as published_precision,
    articles.language,
    articles.section,
    articles.tags,
    articles.description,
    articles.text,
    articles.word_count,
    articles.flags,
    articles.article_id
from current_sightings
inner join articles on current_sightings.article_id = articles.article_id;

comment on view current_articles is 'One row per canonical URL: the text that stood there last. In articles, a revised text counts once for each revision; here each URL counts once.';
comment on column current_articles.canonical_url is 'The URL.';
comment on column current_articles.domain is 'Registered domain of the URL; null for a local file.';
comment on column current_articles.source is 'Source that brought this text to this URL first.';
comment on column current_articles.revision is '0 where the text never changed, 1 after the first change …';
comment on column current_articles.first_seen_at is 'When this text was first fetched from this URL.';
comment on column current_articles.last_seen_at is 'When this text was last fetched from this URL.';
comment on column current_articles.title is 'Title that the page at this URL gives; where it gives none, that of the article.';
comment on column current_articles.authors is 'Authors of the article.';
comment on column current_articles.published_at is 'Publication as the page at this URL gives it; where it gives none, that of the article.';
comment on column current_articles.language is 'Language of the text, ISO 639-1.';
comment on column current_articles.section is 'Section of the article.';
comment on column current_articles.tags is 'Tags of the article.';
comment on column current_articles.description is 'Lead or summary of the article.';
comment on column current_articles.text is 'The text.';
comment on column current_articles.word_count is 'Words of the text.';
comment on column current_articles.article_id is 'The text, as in articles.';
