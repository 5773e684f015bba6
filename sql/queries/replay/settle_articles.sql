-- One row per touched text that was met first, or is described, by an exchange which no longer stands for it.
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
    select
        seen.article_id,
        min(seen.first_seen_at) as first_seen_at,
        first(seen.run_id order by seen.first_seen_at, seen.loaded_at, seen.url_id) as run_id,
        first(seen.fetch_id order by seen.first_seen_at, seen.loaded_at, seen.url_id) as fetch_id,
        first(seen.source order by seen.first_seen_at, seen.loaded_at, seen.url_id) as source,
        first(seen.url order by seen.first_seen_at, seen.loaded_at, seen.url_id) as url,
        first(seen.canonical_url order by seen.first_seen_at, seen.loaded_at, seen.url_id) as canonical_url,
        first(seen.domain order by seen.first_seen_at, seen.loaded_at, seen.url_id) as domain,
        any_value(fetches.fetch_id) is not null as stands
    from sightings as seen
    semi join touched_texts on seen.article_id = touched_texts.article_id
    inner join articles as stored on seen.article_id = stored.article_id
    left join fetches on stored.fetch_id = fetches.fetch_id and stored.article_id = fetches.article_id
    group by seen.article_id
) as firsts
where
    articles.article_id = firsts.article_id
    and (
        not firsts.stands
        or articles.first_seen_at is distinct from firsts.first_seen_at
        or articles.run_id is distinct from firsts.run_id
    )
