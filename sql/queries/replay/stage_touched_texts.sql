-- One row per text that comes, goes, or is seen elsewhere than it was.
create or replace temp table touched_texts as
select old_article_id as article_id from moved where old_article_id is not null
union
select new_article_id from moved where new_article_id is not null
union
select article_id from remade_sightings
