-- One row per staged text that is stored already.
create or replace temp table stored_articles as
select articles.rowid as stored_rowid, articles.article_id
from articles
semi join staged_pages on articles.article_id = staged_pages.article_id
