-- One row per staged text that is not stored yet, or that replaces one which said less.
insert into articles by name
select staged.*
from staged_articles as staged
where
    staged.article_id not in (select article_id from stored_articles)
    or staged.article_id in (select article_id from less_described)
