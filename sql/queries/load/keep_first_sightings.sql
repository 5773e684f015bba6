-- One row per staged article that replaces one which says less: the run and the instant of the first fetch stay.
update staged_articles
set run_id = less_described.run_id, first_seen_at = less_described.first_seen_at
from less_described
where staged_articles.article_id = less_described.article_id
