-- One row: what the candidate that waits was made of.
select cleaner, sources, since, made_at, schema_version from replay
