-- One row per stored article that a staged page says more about.
create or replace temp table less_described as
select articles.article_id, articles.run_id, articles.first_seen_at
from articles
inner join stored_articles as stored on articles.rowid = stored.stored_rowid
inner join staged_articles as staged on stored.article_id = staged.article_id
where staged.described > described_count(articles.title, articles.authors, articles.published_at)
