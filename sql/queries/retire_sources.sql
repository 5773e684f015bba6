-- One row per source that is gone from the catalogue: its rows stay.
update sources
set is_configured = false, configured_at = cast($at as timestamptz)
where is_configured and not exists (from staged_sources as staged where staged.source = sources.source)
