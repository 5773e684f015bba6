-- One row per page of the candidate, at the URL where its text is to be seen. A canonical URL that only the page claims
-- was judged when it was loaded: the page stays there, or under its own URL, as that judgement was.
create or replace temp view cleaned_pages as
with judged as (
    select
        pages.*,
        pages.own_url is null or fetches.sighted_url_id is not distinct from pages.url_id as is_believed
    from candidate.pages
    left join fetches on pages.fetch_id = fetches.fetch_id
)
select
    * exclude (is_believed, own_url_id) replace (
        if(is_believed, canonical_url, own_url) as canonical_url,
        if(is_believed, url_id, own_url_id) as url_id,
        if(is_believed, own_url, null) as own_url
    )
from judged
