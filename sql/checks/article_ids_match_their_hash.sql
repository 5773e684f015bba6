-- One row per article whose id is not the start of its hash.
select article_id, content_hash
from articles
where
    loaded_at >= $since
    and replace(cast(article_id as varchar), '-', '') <> left(split_part(content_hash, ':', 2), 32)
