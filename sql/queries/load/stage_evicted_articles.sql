-- One row per article that was described at a URL which turned out to be another page's.
create or replace temp table evicted_articles as
select articles.* replace (evicted.own_url as canonical_url)
from articles
inner join stored_sightings as stored on articles.article_id = stored.article_id
inner join evicted on stored.url_id = evicted.url_id
where url_id(articles.canonical_url) = evicted.url_id
