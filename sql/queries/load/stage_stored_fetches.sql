-- One row per staged exchange that is stored already. An exchange keeps its instant, so older rows need not be read.
create or replace temp table stored_fetches as
select stored.fetch_id, stored.outcome
from fetches as stored
semi join staged_fetches as staged on stored.fetch_id = staged.fetch_id
where stored.fetched_at >= cast($since as timestamptz)
