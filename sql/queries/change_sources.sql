-- One row per source whose catalogue fields changed. A shorter interval holds from the last poll on.
update sources
set
    next_due_at = case
        when sources.every_s > staged.every_s
            then least(sources.next_due_at, sources.last_polled_at + to_seconds(staged.every_s))
        else sources.next_due_at
    end,
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
