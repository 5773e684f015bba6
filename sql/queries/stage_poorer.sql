-- One row per stored article that a staged page says more about: title, authors and date are three things to say.
create or replace temp table staged_poorer as
select stored.article_id, stored.run_id, stored.first_seen_at
from articles as stored
inner join staged_articles as staged on stored.article_id = staged.article_id
where
    if(staged.title is null, 0, 1) + least(len(staged.authors), 1) + if(staged.published_at is null, 0, 1)
    > if(stored.title is null, 0, 1) + least(len(stored.authors), 1) + if(stored.published_at is null, 0, 1)
