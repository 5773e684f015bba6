-- One row per touched text that was seen first, or is described, by an exchange which no longer stands for it.
update articles
set
    first_seen_at = firsts.first_seen_at,
    run_id = firsts.run_id,
    fetch_id = if(firsts.stands, articles.fetch_id, firsts.fetch_id),
    source = if(firsts.stands, articles.source, firsts.source),
    url = if(firsts.stands, articles.url, firsts.url),
    canonical_url = if(firsts.stands, articles.canonical_url, firsts.canonical_url),
    domain = if(firsts.stands, articles.domain, firsts.domain)
from (
    select ordered.*, fetches.fetch_id is not null as stands
    from ordered_sightings as ordered
    inner join articles as stored on ordered.article_id = stored.article_id
    left join fetches on stored.fetch_id = fetches.fetch_id and stored.article_id = fetches.article_id
    where ordered.position = 1
) as firsts
where
    articles.article_id = firsts.article_id
    and (
        not firsts.stands
        or articles.first_seen_at is distinct from firsts.first_seen_at
        or articles.run_id is distinct from firsts.run_id
    )
