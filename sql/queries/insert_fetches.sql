-- One row per staged exchange that is not stored yet.
insert into fetches by name
select staged.*
from staged_fetches as staged
anti join fetches as stored on staged.fetch_id = stored.fetch_id
