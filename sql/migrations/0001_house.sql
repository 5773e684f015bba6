-- The house: sources, runs, polls, fetches, articles, sightings, rejects, coverage gaps.
-- No index and no primary key: uniqueness is one writer, one anti-join in one transaction, and a check.
-- Wide text is zstd: 1,830 bytes an article instead of 5,033 (measured, 1.5.5).

-- One row per source that is or was configured.
create table sources (
    source varchar,
    kind varchar,
    location varchar,
    every_s integer,
    language varchar,
    country varchar,
    tags varchar[],
    is_enabled boolean,
    is_configured boolean,
    configured_at timestamptz,
    title varchar,
    last_polled_at timestamptz,
    last_ok_at timestamptz,
    last_new_at timestamptz,
    next_due_at timestamptz,
    last_outcome varchar,
    last_reason varchar,
    failure_count integer,
    failure_points double,
    interval_s integer,
    unchanged_count integer,
    etag varchar,
    last_modified varchar,
    digest varchar,
    last_entries_at timestamptz,
    last_entry_ids uuid[]
);

comment on table sources is 'One row per source that is or was configured: its catalogue fields and its current state.';
comment on column sources.source is 'Name of the source in sources.yaml; joins every other table.';
comment on column sources.kind is 'How it is polled: feed, sitemap, listing or files.';
comment on column sources.location is 'URL that is polled, without user and password; for files the path.';
comment on column sources.every_s is 'Configured interval between two polls, in seconds.';
comment on column sources.language is 'Configured language hint, ISO 639-1.';
comment on column sources.country is 'Configured country hint, ISO 3166-1 alpha-2.';
comment on column sources.tags is 'Configured tags.';
comment on column sources.is_enabled is 'Whether the catalogue lets it be polled.';
comment on column sources.is_configured is 'False once it is gone from the catalogue; its rows stay.';
comment on column sources.configured_at is 'When its catalogue fields were last changed here.';
comment on column sources.title is 'What the source calls itself.';
comment on column sources.last_polled_at is 'Last look at it, whatever came.';
comment on column sources.last_ok_at is 'Last look that succeeded, unchanged answers included.';
comment on column sources.last_new_at is 'Last look that brought an article: a new text, a known one at a new URL, or a revision.';
comment on column sources.next_due_at is 'Not polled before this instant; null means at once.';
comment on column sources.last_outcome is 'Outcome of the last look: ok, unchanged or failed.';
comment on column sources.last_reason is 'Reason of the last look where it failed.';
comment on column sources.failure_count is 'Failed looks in a row.';
comment on column sources.failure_points is 'Weight of the failed looks since the last success: hard 1, soft ½, transient ¼; each point doubles the wait.';
comment on column sources.interval_s is 'Seconds between two looks as they are now; null before the first.';
comment on column sources.unchanged_count is 'Unchanged answers in a row; a look without validators ends it.';
comment on column sources.etag is 'ETag for the next conditional request; null where something was left undone.';
comment on column sources.last_modified is 'Last-Modified for the next conditional request; null where something was left undone.';
comment on column sources.digest is 'SHA-256 of the body last read in full, hexadecimal; null where something was left undone.';
comment on column sources.last_entries_at is 'Last look that announced anything.';
comment on column sources.last_entry_ids is 'Keys of the newest 32 entries of that look; none left in the next one is a coverage gap.';

-- One row per run of a flow.
create table runs (
    run_id uuid,
    flow varchar,
    prefect_run_id varchar,
    version varchar,
    status varchar,
    started_at timestamptz,
    finished_at timestamptz
);

comment on table runs is 'One row per run of a flow.';
comment on column runs.run_id is 'Identifier of the run; every row that it made carries it.';
comment on column runs.flow is 'Name of the flow.';
comment on column runs.prefect_run_id is 'Identifier of the same run in Prefect; null outside of Prefect.';
comment on column runs.version is 'Version of Presswatch.';
comment on column runs.status is 'running, completed, stopped (early, by a signal or its time limit), failed, or interrupted where a later run found it unfinished.';
comment on column runs.started_at is 'When it began.';
comment on column runs.finished_at is 'When it ended; null while it runs and where it was interrupted.';

-- One row per run and source.
create table run_tallies (
    run_id uuid,
    source varchar,
    poll_outcome varchar,
    entry_count integer,
    known_count integer,
    deferred_count integer,
    new_count integer,
    seen_count integer,
    revised_count integer,
    rejected_count integer,
    reasons map(varchar, integer)
);

comment on table run_tallies is 'One row per run and source: what became of its entries. entries = known + deferred + new + seen + revised + rejected.';
comment on column run_tallies.run_id is 'The run.';
comment on column run_tallies.source is 'The source.';
comment on column run_tallies.poll_outcome is 'Outcome of its poll: ok, unchanged or failed; null where it was not polled.';
comment on column run_tallies.entry_count is 'Entries it announced.';
comment on column run_tallies.known_count is 'Entries whose page had been taken before.';
comment on column run_tallies.deferred_count is 'Entries left for a later run.';
comment on column run_tallies.new_count is 'Entries that brought a new text.';
comment on column run_tallies.seen_count is 'Entries that brought a known text.';
comment on column run_tallies.revised_count is 'Entries that brought another text at a known URL.';
comment on column run_tallies.rejected_count is 'Entries that ended with a reason.';
comment on column run_tallies.reasons is 'Reason → number of rejects.';

-- One row per look at a source, written when its entries are stored.
create table polls (
    poll_id uuid,
    run_id uuid,
    source varchar,
    polled_at timestamptz,
    outcome varchar,
    reason varchar,
    detail varchar,
    evidence varchar,
    status integer,
    final_url varchar,
    title varchar,
    entry_count integer,
    known_count integer,
    deferred_count integer,
    new_count integer,
    seen_count integer,
    revised_count integer,
    rejected_count integer,
    byte_count bigint,
    duration_ms integer,
    etag varchar,
    last_modified varchar,
    digest varchar,
    next_due_at timestamptz
);

comment on table polls is 'One row per look at a source, written when all its entries are stored.';
comment on column polls.poll_id is 'Identifier of the look.';
comment on column polls.run_id is 'The run that looked.';
comment on column polls.source is 'The source.';
comment on column polls.polled_at is 'When it was looked at.';
comment on column polls.outcome is 'ok, unchanged (nothing since the last look) or failed.';
comment on column polls.reason is 'Why it failed: a slug of the closed set.';
comment on column polls.detail is 'Why it failed, in a sentence.';
comment on column polls.evidence is 'What came: the first line, or what the parser said.';
comment on column polls.status is 'HTTP status; null where no answer came and for files.';
comment on column polls.final_url is 'URL after redirects.';
comment on column polls.title is 'What the source called itself.';
comment on column polls.entry_count is 'Entries announced: known + deferred + new + seen + revised + rejected.';
comment on column polls.known_count is 'Entries whose page had been taken before, or announced twice.';
comment on column polls.deferred_count is 'Entries left for a later run by a limit or a pause.';
comment on column polls.new_count is 'Entries that brought a new text.';
comment on column polls.seen_count is 'Entries that brought a known text.';
comment on column polls.revised_count is 'Entries that brought another text at a known URL.';
comment on column polls.rejected_count is 'Entries that ended with a reason.';
comment on column polls.byte_count is 'Decoded bytes of the answers to the look itself.';
comment on column polls.duration_ms is 'Duration of the look, in milliseconds.';
comment on column polls.etag is 'ETag of the answer.';
comment on column polls.last_modified is 'Last-Modified of the answer.';
comment on column polls.digest is 'SHA-256 of the body, hexadecimal.';
comment on column polls.next_due_at is 'When the source was to be looked at again.';

-- One row per exchange for an entry's page, or the attempt at it. Also the set of what was seen, by url_id.
create table fetches (
    fetch_id uuid,
    run_id uuid,
    poll_id uuid,
    source varchar,
    url varchar,
    canonical_url varchar,
    url_id uuid,
    final_url varchar,
    status integer,
    outcome varchar,
    stage varchar,
    reason varchar,
    is_final boolean,
    article_id uuid,
    content_type varchar,
    byte_count bigint,
    duration_ms integer,
    attempt_count integer,
    digest varchar,
    announced_at timestamptz,
    modified_at timestamptz,
    fetched_at timestamptz,
    loaded_at timestamptz,
    warc_file varchar,
    warc_offset bigint,
    warc_length bigint
);

comment on table fetches is 'One row per HTTP exchange for the page of an entry, or the attempt at it; also the memory of what was taken.';
comment on column fetches.fetch_id is 'Identifier of the exchange.';
comment on column fetches.run_id is 'The run that made it.';
comment on column fetches.poll_id is 'The look that announced the entry.';
comment on column fetches.source is 'The source that announced the entry.';
comment on column fetches.url is 'URL as announced.';
comment on column fetches.canonical_url is 'URL as announced, without tracking parameters, fragment and default port.';
comment on column fetches.url_id is 'First 16 bytes of the SHA-256 of canonical_url: what an entry is remembered by.';
comment on column fetches.final_url is 'URL after redirects.';
comment on column fetches.status is 'HTTP status; null where no answer came, and for files.';
comment on column fetches.outcome is 'How the entry ended: new, seen, revised or rejected.';
comment on column fetches.stage is 'Where it was rejected: discover, fetch, clean or load; null otherwise.';
comment on column fetches.reason is 'Why it was rejected: a slug of the closed set; null otherwise.';
comment on column fetches.is_final is 'False where the fault may pass: the entry is tried again, five times in all.';
comment on column fetches.article_id is 'The text that came; null where rejected.';
comment on column fetches.content_type is 'Content-Type of the answer.';
comment on column fetches.byte_count is 'Size of the decoded body, in bytes.';
comment on column fetches.duration_ms is 'Duration of the exchange, in milliseconds.';
comment on column fetches.attempt_count is 'Attempts that the exchange took.';
comment on column fetches.digest is 'SHA-256 of the decoded body, hexadecimal.';
comment on column fetches.announced_at is 'Publication as the entry announced it.';
comment on column fetches.modified_at is 'Modification as the entry announced it; a later one makes the page be looked at again.';
comment on column fetches.fetched_at is 'When the exchange began.';
comment on column fetches.loaded_at is 'When the row was loaded.';
comment on column fetches.warc_file is 'WARC file with the raw answer; null where none is kept.';
comment on column fetches.warc_offset is 'Offset of the record in the WARC file, in bytes.';
comment on column fetches.warc_length is 'Length of the record in the WARC file, in bytes.';

-- One row per distinct text. Never updated.
create table articles (
    article_id uuid,
    content_hash varchar,
    source varchar,
    url varchar,
    canonical_url varchar,
    domain varchar,
    title varchar,
    authors varchar[],
    text varchar using compression zstd,
    language varchar,
    published_at timestamptz,
    published_precision varchar,
    published_origin varchar,
    published_offset integer,
    modified_at timestamptz,
    description varchar using compression zstd,
    section varchar,
    tags varchar[],
    image_url varchar,
    site_name varchar,
    page_url varchar,
    is_accessible_for_free boolean,
    word_count integer,
    flags varchar[],
    removed map(varchar, integer),
    cleaner_version varchar,
    fetch_id uuid,
    run_id uuid,
    first_seen_at timestamptz,
    loaded_at timestamptz
);

comment on table articles is 'One row per distinct text, described by the page that says most of it (title, authors, date; of equals the first); where else it was met stands in sightings.';
comment on column articles.article_id is 'First 16 bytes of content_hash.';
comment on column articles.content_hash is 'Version of the normalisation, a colon, SHA-256 of the normalised text in hexadecimal.';
comment on column articles.source is 'Source of the page that describes it; who carried it first stands in sightings.';
comment on column articles.url is 'URL of the page that describes it, as announced.';
comment on column articles.canonical_url is 'The same without tracking parameters, or the rel=canonical of the page on the same site.';
comment on column articles.domain is 'Registered domain of canonical_url; null for a local file.';
comment on column articles.title is 'Title, without the name of the outlet.';
comment on column articles.authors is 'Authors, as the page names them.';
comment on column articles.text is 'The text, a paragraph a line, without what surrounds it.';
comment on column articles.language is 'Language of the text, ISO 639-1.';
comment on column articles.published_at is 'Publication, as far as published_precision goes.';
comment on column articles.published_precision is 'second, minute, day, month or year.';
comment on column articles.published_origin is 'Where published_at was found: json-ld, meta, time, url, entry …';
comment on column articles.published_offset is 'Offset that the page gave with it, in minutes east of UTC.';
comment on column articles.modified_at is 'Last change, as the page gives it.';
comment on column articles.description is 'Lead or summary, as the page gives it.';
comment on column articles.section is 'Section or rubric.';
comment on column articles.tags is 'Keywords, as the page gives them.';
comment on column articles.image_url is 'Main picture.';
comment on column articles.site_name is 'What the site calls itself.';
comment on column articles.page_url is 'What the page calls its canonical URL.';
comment on column articles.is_accessible_for_free is 'What the page says about a paywall; null where it says nothing.';
comment on column articles.word_count is 'Words of the text.';
comment on column articles.flags is 'What to be careful with: truncated, future_date …';
comment on column articles.removed is 'Rule of the cleaner → lines that it took out.';
comment on column articles.cleaner_version is 'Version of the cleaner that made the row.';
comment on column articles.fetch_id is 'The exchange that brought the page that describes it.';
comment on column articles.run_id is 'The run that brought it first.';
comment on column articles.first_seen_at is 'When its text was first fetched, from whatever page.';
comment on column articles.loaded_at is 'When the row was loaded.';

-- One row per text at a URL.
create table sightings (
    article_id uuid,
    canonical_url varchar,
    url_id uuid,
    url varchar,
    domain varchar,
    source varchar,
    outcome varchar,
    revision integer,
    title varchar,
    published_at timestamptz,
    published_precision varchar,
    fetch_id uuid,
    run_id uuid,
    first_seen_at timestamptz,
    last_seen_at timestamptz,
    loaded_at timestamptz
);

comment on table sightings is 'One row per text at a URL: a twin at another URL is a sighting of the same article, another text at the same URL a revision.';
comment on column sightings.article_id is 'The text.';
comment on column sightings.canonical_url is 'The URL, without tracking parameters, or the rel=canonical of the page on the same site.';
comment on column sightings.url_id is 'First 16 bytes of the SHA-256 of canonical_url.';
comment on column sightings.url is 'The URL as announced.';
comment on column sightings.domain is 'Registered domain of canonical_url; null for a local file.';
comment on column sightings.source is 'Source that brought it first.';
comment on column sightings.outcome is 'new: the text was new; seen: it was known from another URL; revised: the URL was known with another text.';
comment on column sightings.title is 'Title that this page gives it.';
comment on column sightings.published_at is 'When this page says it was published.';
comment on column sightings.published_precision is 'How exact that is: second, minute, day, month or year.';
comment on column sightings.revision is '0 for the first text at this URL, 1 for the next …';
comment on column sightings.fetch_id is 'The exchange that brought it first.';
comment on column sightings.run_id is 'The run that brought it first.';
comment on column sightings.first_seen_at is 'When this text was first fetched from this URL.';
comment on column sightings.last_seen_at is 'When this text was last fetched from this URL.';
comment on column sightings.loaded_at is 'When the row was loaded.';

-- One row per entry, or look at a source, that ended with a reason.
create table rejects (
    reject_id uuid,
    fetch_id uuid,
    poll_id uuid,
    run_id uuid,
    source varchar,
    stage varchar,
    reason varchar,
    detail varchar,
    evidence varchar,
    url varchar,
    canonical_url varchar,
    final_url varchar,
    status integer,
    rejected_at timestamptz,
    loaded_at timestamptz
);

comment on table rejects is 'One row per entry, or look at a source, that ended with a reason.';
comment on column rejects.reject_id is 'Identifier: the fetch_id of an entry, the poll_id of a look.';
comment on column rejects.fetch_id is 'The exchange; null where a look at a source failed.';
comment on column rejects.poll_id is 'The look at the source.';
comment on column rejects.run_id is 'The run.';
comment on column rejects.source is 'The source.';
comment on column rejects.stage is 'Where it ended: discover, fetch, clean or load.';
comment on column rejects.reason is 'Why: a slug of the closed set.';
comment on column rejects.detail is 'Why, in a sentence.';
comment on column rejects.evidence is 'What came: the first line, or what the parser said.';
comment on column rejects.url is 'URL as announced.';
comment on column rejects.canonical_url is 'The same without tracking parameters; null where a look at a source failed.';
comment on column rejects.final_url is 'URL after redirects.';
comment on column rejects.status is 'HTTP status; null where no answer came.';
comment on column rejects.rejected_at is 'When it was fetched.';
comment on column rejects.loaded_at is 'When the row was loaded.';

-- One row per pair of looks that share no entry.
create table gaps (
    poll_id uuid,
    run_id uuid,
    source varchar,
    gap_from timestamptz,
    gap_to timestamptz,
    entry_count integer,
    entries_per_hour double,
    missed_estimate integer
);

comment on table gaps is 'One row per look that shares no entry with the last one that announced any: what came between may be lost.';
comment on column gaps.poll_id is 'The later look.';
comment on column gaps.run_id is 'The run of the later look.';
comment on column gaps.source is 'The source.';
comment on column gaps.gap_from is 'The earlier look.';
comment on column gaps.gap_to is 'The later look.';
comment on column gaps.entry_count is 'Entries that the later look announced.';
comment on column gaps.entries_per_hour is 'Fresh entries an hour over the 14 days before; null where there were too few looks.';
comment on column gaps.missed_estimate is 'entries_per_hour × hours of the gap − entry_count, at least 0.';
