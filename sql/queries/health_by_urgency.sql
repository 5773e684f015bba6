-- One row per configured source, those that need a person first.
select
    source, kind, health, last_polled_at, last_new_at, next_due_at, failure_count, last_reason,
    article_count_7d, rejected_count_7d, gap_count_7d
from source_health
where health <> 'gone'
order by
    case health
        when 'dead' then 0 when 'failing' then 1 when 'gaps' then 2 when 'walls' then 3 when 'silent' then 4
        when 'drifting' then 5 when 'slow' then 6 when 'late' then 7 when 'new' then 8 when 'ok' then 9 else 10
    end,
    source
