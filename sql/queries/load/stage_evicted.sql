-- One row per URL that a stored page only claims, and whose own page has come with another text and title: the first
-- goes back to its own URL. Not where that would change an outcome or a revision: where several pages
-- claim the URL.
create or replace temp table evicted as
with claimed as (
    select url_id, any_value(own_url) as own_url, url_id(any_value(own_url)) as own_url_id
    from stored_sightings
    group by url_id
    having count(*) = count(own_url) and count(distinct own_url) = 1
),
alike as (
    select stored.url_id
    from stored_sightings as stored
    inner join staged_pages as staged on stored.url_id = staged.url_id
    where stored.article_id = staged.article_id or title_key(stored.title) = title_key(staged.title)
)
select claimed.*
from claimed
semi join staged_pages on claimed.url_id = staged_pages.url_id and staged_pages.own_url is null
anti join alike on claimed.url_id = alike.url_id
