-- The archive: where raw answers lie and until when, and all that a page needs to be cleaned again.

alter table runs add column is_archiving boolean;
comment on column runs.is_archiving is 'Whether it kept the raw pages that it fetched.';

comment on column sources.kind is 'How it is polled: feed, sitemap, listing, files or warc.';
comment on column sources.location is 'URL that is polled, without user and password; for files and warc the path.';

comment on column fetches.warc_file is 'WARC file with the raw answer: below warc/ in the data folder, or an absolute path for a source of kind warc; null where none is kept.';

alter table fetches add column archived_until timestamptz;
comment on column fetches.archived_until is 'When upkeep removed the raw answer; null while it is kept, and where none ever was.';

-- What an entry said of its page stands in for what the page leaves out, so a later cleaning needs it.
alter table fetches add column announced_title varchar;
alter table fetches add column announced_authors varchar[];
alter table fetches add column announced_language varchar;
alter table fetches add column announced_description varchar using compression zstd;
comment on column fetches.announced_title is 'Title as the entry announced it.';
comment on column fetches.announced_authors is 'Authors as the entry announced them.';
comment on column fetches.announced_language is 'Language as the entry announced it.';
comment on column fetches.announced_description is 'Summary as the entry announced it.';

-- A URL may be seen with several texts and a text at several URLs; this tells which pair an exchange stands for.
alter table fetches add column sighted_url_id uuid;
comment on column fetches.sighted_url_id is 'With article_id, the key of the sighting that this exchange brought or met again; null where rejected.';

update fetches
set sighted_url_id = sightings.url_id
from sightings
where fetches.article_id = sightings.article_id and fetches.fetch_id = sightings.fetch_id;

update fetches
set sighted_url_id = sightings.url_id
from sightings
where
    fetches.sighted_url_id is null
    and fetches.article_id = sightings.article_id
    and fetches.url_id = sightings.url_id;

update fetches
set sighted_url_id = (select min(sightings.url_id) from sightings where sightings.article_id = fetches.article_id)
where fetches.sighted_url_id is null and fetches.article_id is not null;
