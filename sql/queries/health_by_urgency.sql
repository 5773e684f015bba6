-- One row per configured source, those that need a person first.
select
    source_health.source, source_health.kind, source_health.health, accepted_values.meaning,
    source_health.needs_person,
    source_health.last_polled_at, source_health.last_new_at, source_health.next_due_at, source_health.failure_count,
    source_health.last_reason, source_health.article_count_7d, source_health.rejected_count_7d,
    source_health.gap_count_7d, source_health.missed_estimate_7d
from source_health
left join accepted_values
    on accepted_values.table_name = 'source_health'
    and accepted_values.column_name = 'health'
    and source_health.health = accepted_values.value
where source_health.health <> 'gone'
order by accepted_values.place, source_health.source
