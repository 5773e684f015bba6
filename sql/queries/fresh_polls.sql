-- One row per staged look that is not stored yet.
select poll_id
from staged_polls
anti join polls using (poll_id)
