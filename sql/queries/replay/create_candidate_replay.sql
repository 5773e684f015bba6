-- One row: what the candidate was made of, written when it is complete.
create table replay (
    cleaner varchar,
    sources varchar[],
    since timestamptz,
    made_at timestamptz,
    schema_version integer
)
