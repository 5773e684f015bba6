-- One row per staged text that is not stored yet.
insert into articles by name
select staged.*
from staged_articles as staged
anti join articles as stored on staged.article_id = stored.article_id
