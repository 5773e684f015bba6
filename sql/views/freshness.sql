-- One row per source: how long after publication its pages of the last 30 days were fetched.
create view freshness as
select
    source,
    count(*) as article_count,
    round(median(date_diff('second', published_at, first_seen_at)) / 60.0, 1) as median_minutes,
    round(quantile_cont(date_diff('second', published_at, first_seen_at), 0.9) / 60.0, 1) as p90_minutes,
    max(published_at) as last_published_at,
    max(first_seen_at) as last_seen_at
from sightings
where
    published_precision in ('second', 'minute')
    and published_at <= first_seen_at
    and first_seen_at >= now() - interval 30 day
    -- A revision keeps its date of publication; a local file was published elsewhere.
    and revision = 0
    and domain is not null
group by source;

comment on view freshness is 'One row per source: how long after publication its pages of the last 30 days were fetched. A page counts with its own date and its own first fetch; only dates with a time of day count, no revisions and no local files.';
comment on column freshness.source is 'The source that brought the page first.';
comment on column freshness.article_count is 'Pages that count.';
comment on column freshness.median_minutes is 'Median minutes from publication to the first fetch.';
comment on column freshness.p90_minutes is 'Minutes within which nine of ten pages were fetched.';
comment on column freshness.last_published_at is 'Latest date of publication among them.';
comment on column freshness.last_seen_at is 'Latest first fetch among them.';
