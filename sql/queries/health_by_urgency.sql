-- One row per configured source, those that need a person first.
select
    source, kind, health, last_polled_at, last_new_at, next_due_at, failure_count, last_reason,
    article_count_7d, rejected_count_7d, gap_count_7d, missed_estimate_7d
from source_health
where health <> 'gone'
order by
    case health
        when 'dead' then 0 when 'failing' then 1 when 'gaps' then 2 when 'walls' then 3 when 'barren' then 4
        when 'silent' then 5 when 'drifting' then 6 when 'slow' then 7 when 'late' then 8 when 'new' then 9
        when 'ok' then 10 else 11
    end,
    source
