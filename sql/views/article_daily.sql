-- One row per UTC day, source and language: the texts that the source carried before all others.
create view article_daily as
with firsts as (
    -- A local file has no outlet: it comes first only where no other source carried the text.
    select article_id, arg_min({'source': source, 'at': first_seen_at}, (domain is null, first_seen_at)) as first
    from sightings
    group by article_id
)
select
    cast(firsts.first.at at time zone 'UTC' as date) as seen_on,
    firsts.first.source as source,
    articles.language,
    count(*) as article_count,
    cast(sum(articles.word_count) as bigint) as word_count,
    count(*) filter (where list_contains(articles.flags, 'truncated')) as truncated_count
from firsts
inner join articles on firsts.article_id = articles.article_id
group by all;

comment on view article_daily is 'One row per UTC day, source and language: the texts that the source was the first to carry that day. Each text counts once.';
comment on column article_daily.seen_on is 'UTC day on which the text was first fetched from that source.';
comment on column article_daily.source is 'Source from whose page the text was fetched first; a source of local files only where no other source carried the text.';
comment on column article_daily.language is 'Language of the text.';
comment on column article_daily.article_count is 'Distinct texts.';
comment on column article_daily.word_count is 'Sum of their words.';
comment on column article_daily.truncated_count is 'Of them, texts that the page cuts off.';
