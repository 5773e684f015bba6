-- One row per stored text that is seen nowhere any more.
delete from articles
where
    article_id in (select article_id from touched_texts)
    and article_id not in (select article_id from sightings)
