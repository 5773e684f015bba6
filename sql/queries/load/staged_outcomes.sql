-- One row per exchange of the batch: how its entry ended, now or when it was stored before.
select fetch_id, outcome from staged_fetches
union all
select fetch_id, outcome from stored_fetches
