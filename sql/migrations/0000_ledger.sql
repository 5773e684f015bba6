-- One row per migration, written in the transaction that applied it; the views are one more row, without a version.
create table migrations (
    version integer,
    name varchar,
    digest varchar,
    applied_at timestamptz
);

comment on table migrations is 'One row per migration that made this database, and one for its views.';
comment on column migrations.version is 'Number of the migration; null for the views and macros.';
comment on column migrations.name is 'Name of the migration.';
comment on column migrations.digest is 'SHA-256 of its SQL, hexadecimal.';
comment on column migrations.applied_at is 'When it was applied.';
