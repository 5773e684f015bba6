-- One row per article without a text.
select article_id, source, canonical_url
from articles
where loaded_at >= $since and (text is null or trim(text) = '')
