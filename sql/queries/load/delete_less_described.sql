-- One row per stored article that its staged one replaces.
delete from articles where article_id in (select article_id from less_described)
