-- One row per source whose catalogue fields changed. Another place is another source: its state starts anew.
update sources
set
    next_due_at = case
        when sources.location <> staged.location or sources.kind <> staged.kind then null
        when sources.every_s > staged.every_s
            then least(sources.next_due_at, sources.last_polled_at + to_seconds(staged.every_s))
        else sources.next_due_at
    end,
    etag = case when sources.location = staged.location and sources.kind = staged.kind then sources.etag end,
    last_modified = case when sources.location = staged.location and sources.kind = staged.kind then sources.last_modified end,
    digest = case when sources.location = staged.location and sources.kind = staged.kind then sources.digest end,
    failure_count = case when sources.location = staged.location and sources.kind = staged.kind then sources.failure_count else 0 end,
    unchanged_count = case when sources.location = staged.location and sources.kind = staged.kind then sources.unchanged_count else 0 end,
    last_entry_ids = case when sources.location = staged.location and sources.kind = staged.kind then sources.last_entry_ids end,
    kind = staged.kind,
    location = staged.location,
    every_s = staged.every_s,
    language = staged.language,
    country = staged.country,
    tags = staged.tags,
    is_enabled = staged.is_enabled,
    is_configured = true,
    configured_at = cast($at as timestamptz)
from staged_sources as staged
where
    sources.source = staged.source
    and (
        not sources.is_configured
        or sources.kind is distinct from staged.kind
        or sources.location is distinct from staged.location
        or sources.every_s is distinct from staged.every_s
        or sources.language is distinct from staged.language
        or sources.country is distinct from staged.country
        or sources.tags is distinct from staged.tags
        or sources.is_enabled is distinct from staged.is_enabled
    )
