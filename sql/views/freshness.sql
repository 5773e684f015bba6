-- One row per source: how long after publication its articles of the last 30 days were met.
create view freshness as
select
    source,
    count(*) as article_count,
    round(median(date_diff('second', published_at, first_seen_at)) / 60.0, 1) as median_minutes,
    round(quantile_cont(date_diff('second', published_at, first_seen_at), 0.9) / 60.0, 1) as p90_minutes,
    max(published_at) as last_published_at,
    max(first_seen_at) as last_seen_at
from articles
where
    published_precision in ('second', 'minute')
    and published_at <= first_seen_at
    and first_seen_at >= now() - interval 30 day
group by source;

comment on view freshness is 'One row per source: how long after publication its articles of the last 30 days were met. Only those with a time of day count.';
comment on column freshness.source is 'The source.';
comment on column freshness.article_count is 'Articles that count.';
comment on column freshness.median_minutes is 'Median minutes from publication to the first fetch.';
comment on column freshness.p90_minutes is 'Minutes within which nine of ten were met.';
comment on column freshness.last_published_at is 'Latest publication.';
comment on column freshness.last_seen_at is 'Latest first fetch.';
