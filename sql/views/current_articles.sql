-- One row per URL: the text that it showed when it was last fetched.
create view current_articles as
with latest as (
    -- Not the highest revision: a page may return to a text that it had before.
    select *
    from sightings
    qualify row_number() over (partition by url_id order by last_seen_at desc, revision desc) = 1
)
select
    latest.canonical_url,
    latest.url,
    latest.domain,
    latest.source,
    latest.revision,
    latest.title,
    articles.authors,
    articles.text,
    articles.language,
    latest.published_at,
    latest.published_precision,
    articles.word_count,
    latest.first_seen_at,
    latest.last_seen_at,
    latest.article_id,
    latest.fetch_id
from latest
inner join articles on latest.article_id = articles.article_id;

comment on view current_articles is 'One row per URL: the text that it showed when it was last fetched. In articles a page that changed has a row for each of its texts; here it has one.';
comment on column current_articles.canonical_url is 'The URL, without tracking parameters, or the rel=canonical of the page on the same site.';
comment on column current_articles.url is 'The URL as announced.';
comment on column current_articles.domain is 'Registered domain of the URL; null for a local file.';
comment on column current_articles.source is 'Source that brought this text from this URL first.';
comment on column current_articles.revision is '0 where the URL shows its first text, 1 where it shows the next …';
comment on column current_articles.title is 'Title that the page gives the text.';
comment on column current_articles.authors is 'Authors of the text.';
comment on column current_articles.text is 'The text, a paragraph a line.';
comment on column current_articles.language is 'Language of the text, ISO 639-1.';
comment on column current_articles.published_at is 'When the page says that it was published.';
comment on column current_articles.word_count is 'Words of the text.';
comment on column current_articles.first_seen_at is 'When this text was first fetched from this URL.';
comment on column current_articles.last_seen_at is 'When this text was last fetched from this URL.';
comment on column current_articles.article_id is 'The text.';
comment on column current_articles.fetch_id is 'The exchange that brought this text from this URL first.';
