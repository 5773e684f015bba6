-- One row: how many staged articles are stored already.
select count(*) from articles as stored semi join staged_articles as staged on stored.article_id = staged.article_id
