-- One row per article whose describing page was not the text's.
select articles.article_id, articles.source, articles.fetch_id
from articles
anti join fetches on articles.fetch_id = fetches.fetch_id and articles.article_id = fetches.article_id
where articles.loaded_at >= $since
