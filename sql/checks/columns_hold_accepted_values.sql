-- One row per value that its column does not accept.
with held as (
    select 'sources' as table_name, column_name, value
    from (unpivot sources on kind, last_outcome, last_reason into name column_name value value)
    union all
    select 'runs', column_name, value
    from (unpivot runs on status into name column_name value value)
    where started_at >= $since
    union all
    select 'polls', column_name, value
    from (unpivot polls on outcome, reason into name column_name value value)
    where polled_at >= $since
    union all
    select 'fetches', column_name, value
    from (unpivot fetches on outcome, stage, reason into name column_name value value)
    where loaded_at >= $since
    union all
    select 'rejects', column_name, value
    from (unpivot rejects on stage, reason into name column_name value value)
    where loaded_at >= $since
    union all
    select 'sightings', column_name, value
    from (unpivot sightings on outcome, published_precision into name column_name value value)
    where loaded_at >= $since
    union all
    select 'articles', column_name, value
    from (unpivot articles on published_precision, published_origin into name column_name value value)
    where loaded_at >= $since
    union all
    select 'articles', 'flags', unnest(flags)
    from articles
    where loaded_at >= $since
)
select held.table_name, held.column_name, held.value, count(*) as row_count
from held
anti join accepted_values
    on held.table_name = accepted_values.table_name
    and held.column_name = accepted_values.column_name
    and held.value = accepted_values.value
group by all
