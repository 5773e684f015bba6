-- One row per staged page that claims a canonical URL at which pages stand that it has nothing in common with: it is
-- kept under its own URL. A section or an error page that many pages name would make each a revision of the other.
-- What stands there already is believed first, then who owns the URL, then whoever claimed it first. Others are
-- believed if they share the text, the title or the own URL with a text that is believed and came before. A text
-- that is there already adds no title, as its page adds no sighting: so it does not matter where a batch ends.
with recursive pages as (
    select
        stored.url_id, stored.article_id, stored.title, stored.own_url, 0 as rank, -1 as position,
        cast(null as uuid) as fetch_id
    from stored_sightings as stored
    where stored.url_id in (select url_id from staged_pages where own_url is not null)
    union all
    select
        staged.url_id, staged.article_id, staged.title, staged.own_url,
        if(staged.own_url is null, 1, 2) as rank, staged.position, staged.fetch_id
    from staged_pages as staged
    where staged.url_id in (select url_id from staged_pages where own_url is not null)
),
numbered as (
    select
        * exclude (title),
        title_key(title) as title,
        row_number() over (partition by url_id order by rank, position, article_id) as place
    from pages
),
judged as (
    select distinct
        url_id, cast(0 as bigint) as place, cast(null as uuid) as fetch_id, false as is_believed,
        cast([] as uuid[]) as article_ids, cast([] as varchar[]) as titles, cast([] as varchar[]) as own_urls
    from numbered
    union all
    select
        url_id, place, fetch_id, believes,
        if(adds, list_append(article_ids, article_id), article_ids),
        if(adds, list_append(titles, title), titles),
        if(adds, list_append(own_urls, own_url), own_urls)
    from (
        select
            numbered.*, judged.article_ids, judged.titles, judged.own_urls,
            numbered.rank < 2
            or len(judged.article_ids) = 0
            or list_contains(judged.article_ids, numbered.article_id)
            or coalesce(list_contains(judged.titles, numbered.title), false)
            or coalesce(list_contains(judged.own_urls, numbered.own_url), false) as believes,
            believes and not list_contains(judged.article_ids, numbered.article_id) as adds
        from judged
        inner join numbered on judged.url_id = numbered.url_id and judged.place + 1 = numbered.place
    )
)
update staged_pages
set canonical_url = own_url, url_id = own_url_id, own_url = null, own_url_id = null
where own_url is not null and fetch_id not in (select fetch_id from judged where is_believed and fetch_id is not null)
