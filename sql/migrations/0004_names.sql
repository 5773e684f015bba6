-- Names: each instant says what happened at it, and each number in which unit it counts.

alter table fetches rename column archived_until to raw_removed_at;
alter table fetches rename column modified_at to announced_modified_at;
alter table fetches rename column announced_at to announced_published_at;
comment on column fetches.raw_removed_at is 'When upkeep removed the raw response; null while it is kept, and where none ever was.';
comment on column fetches.announced_modified_at is 'Modification as the entry announced it; a later one makes the page be fetched again.';
comment on column fetches.announced_published_at is 'Publication as the entry announced it.';
comment on column fetches.poll_id is 'The poll that announced the entry.';

alter table articles rename column removed to removed_lines;
alter table articles rename column published_offset to published_utc_offset_min;
comment on column articles.removed_lines is 'Rule of the cleaner → number of lines that it removed.';
comment on column articles.published_utc_offset_min is 'UTC offset that the page gave with published_at, in minutes east of UTC; null where it gave none.';
comment on column articles.canonical_url is 'Canonical URL of the page that describes it, as in sightings.';
comment on table articles is 'One row per distinct text, described by the page that says most about it (title, authors, date; the first of equals). A later page that says more replaces the row. All URLs of the text are in sightings.';

-- A canonical URL that nothing but the page itself claims can turn out to belong to another page.
alter table sightings add column own_url varchar;
comment on column sightings.own_url is 'URL of the page itself, where it stands at canonical_url only because its rel=canonical says so; null where canonical_url is its own URL or that of an AMP, mobile, print or paged twin.';
comment on column sightings.canonical_url is 'URL of the page without tracking parameters, or the rel=canonical of the page where that can be believed: on the same site, no section, and shared with no page that has another text and title.';
