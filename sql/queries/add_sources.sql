-- One row per source of the catalogue that the store does not have yet.
insert into sources by name
select
    staged.source, staged.kind, staged.location, staged.every_s, staged.language, staged.country, staged.tags,
    staged.is_enabled, true as is_configured, cast($at as timestamptz) as configured_at,
    0 as failure_count, 0 as failure_points, 0 as unchanged_count
from staged_sources as staged
anti join sources as stored on staged.source = stored.source
order by staged.position
