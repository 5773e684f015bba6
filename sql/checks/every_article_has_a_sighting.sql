-- One row per article that was seen nowhere.
select articles.article_id, articles.source, articles.canonical_url
from articles
anti join sightings on articles.article_id = sightings.article_id
where articles.loaded_at >= $since
