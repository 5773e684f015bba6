-- One row per stored text that is described anew.
delete from articles where article_id in (select article_id from described)
