-- One row per source: when it is due.
select source, last_polled_at, next_due_at from sources
