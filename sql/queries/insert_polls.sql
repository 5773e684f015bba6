-- One row per staged look that is not stored yet.
insert into polls by name
select staged.*
from staged_polls as staged
anti join polls as stored on staged.poll_id = stored.poll_id
