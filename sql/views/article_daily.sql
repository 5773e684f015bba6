-- One row per UTC day of first sighting, source and language.
create view article_daily as
select
    cast(first_seen_at at time zone 'UTC' as date) as seen_on,
    source,
    language,
    count(*) as article_count,
    cast(sum(word_count) as bigint) as word_count,
    count(*) filter (where 'truncated' in flags) as truncated_count
from articles
group by all;

comment on view article_daily is 'One row per UTC day of first sighting, source and language.';
comment on column article_daily.seen_on is 'Day of first_seen_at, in UTC.';
comment on column article_daily.source is 'Source that brought them first.';
comment on column article_daily.language is 'Language of the text.';
comment on column article_daily.article_count is 'Distinct texts first seen that day.';
comment on column article_daily.word_count is 'Their words together.';
comment on column article_daily.truncated_count is 'Of them, texts that were cut off by the page.';
