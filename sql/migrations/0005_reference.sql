-- Closed sets: what a column may hold, and what each reason implies, as rows. Filled whenever the views are made.

-- One row per reason of the closed set.
create table reasons (
    reason varchar,
    stage varchar,
    meaning varchar,
    advice varchar,
    weight varchar,
    is_urgent boolean,
    is_retried boolean,
    is_repeated boolean,
    is_unanswered boolean,
    blames_host boolean,
    is_wall boolean
);

comment on table reasons is 'One row per reason of the closed set, with what it implies; made from the program, so that it always describes the version that wrote this file.';
comment on column reasons.meaning is 'What it means.';
comment on column reasons.advice is 'What to do about it.';
comment on column reasons.is_urgent is 'Whether a source that fails for it needs a person after one poll, not after three in a row.';
comment on column reasons.is_retried is 'Whether the fault may pass: later runs fetch the entry again, five times in all.';
comment on column reasons.is_repeated is 'Whether the fetcher makes three attempts within one fetch before it gives this reason.';
comment on column reasons.is_unanswered is 'Whether nobody answered; if all sources fail so, the network of the machine seems to be down.';
comment on column reasons.blames_host is 'Whether the fault lies with the host rather than with the page: three in a row pause the host.';
comment on column reasons.is_wall is 'Whether the page stands between the reader and an article: consent, bot check, paywall, empty shell.';

-- What became of a source's entries in a run is told by polls and rejects; the view run_tallies adds them up.
drop table run_tallies;

alter table gaps rename column gap_from to started_at;
alter table gaps rename column gap_to to ended_at;
comment on table gaps is 'One row per poll that shows no overlap with the last one that announced any entries: what came between may be lost.';
comment on column gaps.started_at is 'Instant of the last poll before that announced any entries.';
comment on column gaps.ended_at is 'Instant of the poll that shows no overlap with it.';
comment on column gaps.poll_id is 'The later poll.';
comment on column gaps.run_id is 'The run of the later poll.';
comment on column gaps.entry_count is 'Entries that the later poll announced.';
comment on column gaps.entries_per_hour is 'Entries an hour by the dates of those that the later poll announced; where there are no dates to go by, the rate of articles over the 14 days before; null where there were too few polls.';
comment on column gaps.missed_estimate is 'By the dates: entries_per_hour × hours from the earlier poll to the oldest new entry of the later one; else entries_per_hour × hours of the gap − entry_count, at least 0; null where entries_per_hour is.';

-- One row per value that a column of a closed set accepts.
create table accepted_values (
    table_name varchar,
    column_name varchar,
    value varchar,
    meaning varchar,
    place integer
);

comment on table accepted_values is 'One row per value that a column of a closed set accepts; made from the program, like reasons.';
comment on column accepted_values.table_name is 'The table or view.';
comment on column accepted_values.column_name is 'Its column.';
comment on column accepted_values.value is 'The value; of a list, each of its items.';
comment on column accepted_values.meaning is 'What it means; empty where the word says it.';
comment on column accepted_values.place is 'Place in the set, from 1; of source_health.health the most urgent comes first.';

-- Comments that were not true, or that a stranger could not read.
comment on table polls is 'One row per poll of a source, written when all its entries are stored.';
comment on column polls.poll_id is 'Identifier of the poll.';
comment on column polls.run_id is 'The run that polled.';
comment on column polls.polled_at is 'When the poll began.';
comment on column polls.detail is 'Why it failed, in a sentence; of a poll that did not fail, what was wrong with the document or was left out.';
comment on column polls.evidence is 'Of a poll that failed, what came: the first line, or what the parser said.';
comment on column polls.status is 'HTTP status; null where no answer came, and for files and archives.';
comment on column polls.entry_count is 'Entries announced (of a document from the web at most 5,000): known + deferred + new + seen + revised + rejected.';
comment on column polls.known_count is 'Entries whose page an earlier run had taken, or that were announced twice.';
comment on column polls.deferred_count is 'Entries left for a later run by a limit, a stop or a wait between two tries.';
comment on column polls.byte_count is 'Decoded bytes of the answers to the poll itself, without the pages.';
comment on column polls.duration_ms is 'Duration of the poll itself, in milliseconds.';
comment on column polls.etag is 'ETag for the next conditional request, as this poll left it.';
comment on column polls.last_modified is 'Last-Modified for the next conditional request, as this poll left it.';
comment on column polls.next_due_at is 'When the source was to be polled again.';

comment on column sources.configured_at is 'When its catalogue fields last changed here, or when it went from the catalogue.';
comment on column sources.last_polled_at is 'Last poll, whatever it brought.';
comment on column sources.last_ok_at is 'Last poll that did not fail, unchanged answers included.';
comment on column sources.last_new_at is 'Last poll of which a page brought an article: a new text, a revision, or a known text that was fetched again or found at another URL.';
comment on column sources.failure_count is 'Failed polls in a row.';
comment on column sources.failure_points is 'Weight of the failed polls since the last success, by reasons.weight; each point doubles the wait.';
comment on column sources.interval_s is 'Seconds between two polls as they are now, failures aside; null before the first.';
comment on column sources.unchanged_count is 'Unchanged answers in a row; a failed poll does not end the row.';
comment on column sources.last_entries_at is 'Last poll that announced any entries.';

comment on column runs.is_archiving is 'Whether the run kept the responses to its requests for pages.';

comment on table fetches is 'One row per HTTP exchange for the page of an entry, or attempt at it. By url_id it also tells which pages need not be fetched again.';
comment on column fetches.url_id is 'First 16 bytes of the SHA-256 of canonical_url.';
comment on column fetches.warc_file is 'WARC file with the response: below warc/ in the data folder, or an absolute path for a source of kind warc; null where none is kept.';
comment on column fetches.sighted_url_id is 'With article_id, the key of the row in sightings to which this exchange belongs; null where rejected.';
comment on column fetches.poll_id is 'The poll that announced the entry.';
comment on column fetches.fetched_at is 'When the exchange began; where there was none, when the row was loaded.';
comment on column fetches.attempt_count is 'Attempts that the exchange took; 0 where nothing was asked.';
comment on column fetches.duration_ms is 'Duration of the exchange in milliseconds, without the wait for the turn of its host.';
comment on column fetches.is_final is 'False where the fault may pass, by reasons.is_retried: later runs fetch the entry again, five times in all.';

comment on column articles.source is 'Source of the page that describes it. The source that carried it first is in sightings, and in the view article_daily.';
comment on column articles.title is 'Title, without the name of the outlet; where the page has none, as the source announced it.';
comment on column articles.authors is 'Authors, as the page names them; where it names none, as the source announced them.';
comment on column articles.modified_at is 'Last change, as the page gives it, or as the source announced it.';
comment on column articles.description is 'Lead or summary, as the page gives it, or as the source announced it.';
comment on column articles.image_url is 'URL of the main picture.';
comment on column articles.first_seen_at is 'When the text was first fetched, from whatever page, local files included.';

comment on table sightings is 'One row per text at a URL. The same text at another URL is another sighting of the same article; another text at the same URL is a revision.';
comment on column sightings.source is 'Source that brought the text from this URL first.';
comment on column sightings.title is 'Title that the page gave the text when it was first fetched from this URL.';
comment on column sightings.published_at is 'When the page says that it was published.';
comment on column sightings.fetch_id is 'The exchange that brought the text from this URL first.';
comment on column sightings.run_id is 'The run that brought the text from this URL first.';

comment on table rejects is 'One row per entry, or poll of a source, that ended with a reason.';
comment on column rejects.reject_id is 'Identifier: the fetch_id of an entry, the poll_id of a poll.';
comment on column rejects.fetch_id is 'The exchange; null where a poll failed.';
comment on column rejects.poll_id is 'The poll that failed, or that announced the entry.';
comment on column rejects.url is 'URL as announced; of a poll that failed, the address of the source.';
comment on column rejects.canonical_url is 'The same without tracking parameters; null where a poll failed.';
comment on column rejects.rejected_at is 'When the exchange or the poll began; where there was no exchange, when the row was loaded.';

-- Which of the remembered entries stay while others come and go: those prove no overlap of two polls.
alter table sources add column last_entries_since timestamptz[];
comment on column sources.last_entry_ids is 'Keys (url_id) of the newest 32 entries of that poll, in its order, without those whose page was rejected for good, unless most of them were. The next poll has to show some of them, or there is a coverage gap.';
comment on column sources.last_entries_since is 'Of each of these entries, the first poll since which it has been among the newest.';
