-- One row per staged source of a run that is not stored yet.
insert into run_tallies by name
select staged.*
from staged_run_tallies as staged
anti join run_tallies as stored on staged.run_id = stored.run_id and staged.source = stored.source
