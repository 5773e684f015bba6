-- One row per staged exchange that is stored already. An exchange keeps its instant, so older rows need not be read.
-- But an attempt that never became one has the instant of its loading, which a second load moves by less than a day.
create or replace temp table stored_fetches as
select stored.fetch_id, stored.outcome
from fetches as stored
semi join staged_fetches as staged on stored.fetch_id = staged.fetch_id
where stored.fetched_at >= cast($first_at as timestamptz) - interval 1 day
