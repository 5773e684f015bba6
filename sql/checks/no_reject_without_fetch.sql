-- One row per reject of an exchange that is not stored as rejected.
select rejects.reject_id, rejects.source, rejects.url, rejects.reason
from rejects
anti join fetches on rejects.fetch_id = fetches.fetch_id and fetches.outcome = 'rejected'
where rejects.loaded_at >= $since and rejects.fetch_id is not null
