-- One row per stored article that gives way to its staged one.
delete from articles where article_id in (select article_id from staged_poorer)
