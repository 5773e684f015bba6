-- One row per staged reject that is not stored yet.
insert into rejects by name
select staged.*
from staged_rejects as staged
anti join rejects as stored on staged.reject_id = stored.reject_id
