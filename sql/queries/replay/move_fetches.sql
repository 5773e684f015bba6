-- One row per exchange that ends otherwise. Whether its text is new, seen or revised is judged once all have moved.
update fetches
set
    outcome = if(moved.new_article_id is null, 'rejected', 'seen'),
    stage = if(moved.new_article_id is null, 'clean', null),
    reason = moved.reason,
    is_final = true,
    article_id = moved.new_article_id,
    sighted_url_id = moved.new_url_id
from moved
where fetches.fetch_id = moved.fetch_id
