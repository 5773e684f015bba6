-- One row per staged page that claims a canonical URL at which pages stand that it has nothing in common with: it is
-- kept under its own URL. A section or an error page that many pages name would make each a revision of the other.
-- Who owns the URL is believed first, then what stands there already, then whoever claimed it first. Others are
-- believed if they share the text, the title or the own URL with one that is believed and came before.
with recursive pages as (
    select
        stored.url_id, stored.article_id, stored.title, stored.own_url, -1 as position, cast(null as uuid) as fetch_id
    from stored_sightings as stored
    where stored.url_id in (select url_id from staged_pages where own_url is not null)
    union all
    select
        staged.url_id, staged.article_id, staged.title, staged.own_url,
        if(staged.own_url is null, -1, staged.position) as position, staged.fetch_id
    from staged_pages as staged
    where staged.url_id in (select url_id from staged_pages where own_url is not null)
),
described as (
    select
        * exclude (title),
        title_key(title) as title,
        own_url is null as is_owner,
        bool_or(own_url is null) over (partition by url_id) as has_owner,
        min(position) over (partition by url_id) as first_position
    from pages
),
believed as (
    select *
    from described
    where is_owner or (not has_owner and position = first_position)
    union
    select described.*
    from described
    inner join believed on described.url_id = believed.url_id and described.position > believed.position
    where
        described.article_id = believed.article_id
        or described.title = believed.title
        or described.own_url = believed.own_url
)
update staged_pages
set canonical_url = own_url, url_id = own_url_id, own_url = null, own_url_id = null
where own_url is not null and fetch_id not in (select fetch_id from believed where fetch_id is not null)
