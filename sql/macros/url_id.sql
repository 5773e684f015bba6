-- The key of a canonical URL.
create macro url_id(url) as cast(left(sha256(url), 32) as uuid);

comment on macro url_id is 'Key of a canonical URL: the first 16 bytes of its SHA-256, as in sightings.url_id and fetches.url_id.';
