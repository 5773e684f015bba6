-- One row per staged URL that was fetched before, however that ended.
select staged_urls.url_id
from staged_urls
semi join fetches on staged_urls.url_id = fetches.url_id
