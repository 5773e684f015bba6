-- One row per exchange that is not exactly one of new, seen, revised (with a text) or rejected (with a reason).
select fetch_id, source, url, outcome, reason, article_id
from fetches
where
    loaded_at >= $since
    and case
        when outcome in ('new', 'seen', 'revised') then article_id is null or reason is not null or not is_final
        when outcome = 'rejected' then article_id is not null or reason is null or stage is null
        else true
    end
