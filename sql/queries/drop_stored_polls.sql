-- One row per staged poll that is stored already.
delete from staged_polls
using polls
where staged_polls.poll_id = polls.poll_id
returning staged_polls.poll_id
