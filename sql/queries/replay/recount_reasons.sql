-- One row per source of a run with an exchange that ends otherwise.
update run_tallies
set reasons = counted.reasons
from (
    with reason_counts as (
        select run_id, source, reason, cast(count(*) as integer) as reason_count
        from rejects
        group by run_id, source, reason
    )
    select
        touched.run_id,
        touched.source,
        coalesce(
            map_from_entries(
                list(row(reason, reason_count) order by reason) filter (where reason is not null)
            ),
            map([], [])
        ) as reasons
    from (select distinct run_id, source from moved) as touched
    left join reason_counts using (run_id, source)
    group by touched.run_id, touched.source
) as counted
where run_tallies.run_id = counted.run_id and run_tallies.source = counted.source
