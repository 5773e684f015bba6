-- One row per text that replaced another at its URL.
create view revisions as
with ordered as (
    select
        canonical_url, source, domain, revision, article_id, first_seen_at,
        lag(article_id) over one_url as previous_article_id,
        lag(first_seen_at) over one_url as previous_seen_at
    from sightings
    window one_url as (partition by url_id order by revision, first_seen_at)
)
select
    ordered.canonical_url,
    ordered.source,
    ordered.domain,
    ordered.revision,
    ordered.article_id,
    ordered.previous_article_id,
    ordered.first_seen_at,
    ordered.previous_seen_at,
    later.title,
    earlier.title as previous_title,
    later.word_count - earlier.word_count as word_count_change
from ordered
inner join articles as later on ordered.article_id = later.article_id
inner join articles as earlier on ordered.previous_article_id = earlier.article_id
where ordered.revision > 0;

comment on view revisions is 'One row per text that replaced another at its URL. A page is fetched again only when its source announces a later modification, so a page that changes silently has no row here.';
comment on column revisions.canonical_url is 'The URL.';
comment on column revisions.source is 'Source that brought the later text.';
comment on column revisions.domain is 'Registered domain of the URL.';
comment on column revisions.revision is '1 for the first change of the URL, 2 for the next …';
comment on column revisions.article_id is 'The later text.';
comment on column revisions.previous_article_id is 'The text before it.';
comment on column revisions.first_seen_at is 'When the later text was first fetched.';
comment on column revisions.previous_seen_at is 'When the text before it was first fetched.';
comment on column revisions.title is 'Title of the later text.';
comment on column revisions.previous_title is 'Title of the text before it.';
comment on column revisions.word_count_change is 'Words that the later text has more than the one before; negative where it has fewer.';
