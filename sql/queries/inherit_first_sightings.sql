-- One row per staged article that takes the place of a poorer one: who met the text first, and when, stays.
update staged_articles
set run_id = poorer.run_id, first_seen_at = poorer.first_seen_at
from staged_poorer as poorer
where staged_articles.article_id = poorer.article_id
