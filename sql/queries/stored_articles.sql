-- One row per asked text that is stored.
select articles.article_id
from articles
semi join staged_texts on articles.article_id = staged_texts.article_id
