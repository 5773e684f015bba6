-- One row per article that is stored anew with another canonical URL.
delete from articles where article_id in (select article_id from evicted_articles)
