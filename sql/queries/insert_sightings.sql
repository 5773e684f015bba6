-- One row per staged text at a URL that is not stored yet.
insert into sightings by name
select staged.*
from staged_sightings as staged
anti join sightings as stored on staged.article_id = stored.article_id and staged.url_id = stored.url_id
