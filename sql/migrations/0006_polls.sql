-- Polls: the digest of a source was several values in one string; each gets a column, here and in its polls.

alter table sources add column config_digest varchar;
alter table sources add column read_on date;
alter table sources add column pause_s integer;
alter table sources add column skip_hours integer;
alter table sources add column skip_days integer;
alter table sources add column archive_file_count integer;
alter table sources add column archive_offset bigint;

alter table polls add column config_digest varchar;
alter table polls add column read_on date;
alter table polls add column pause_s integer;
alter table polls add column skip_hours integer;
alter table polls add column skip_days integer;
alter table polls add column archive_file_count integer;
alter table polls add column archive_offset bigint;

-- SHA-256 . configuration . yyyymmdd or FILES-OFFSET (of kind warc) . PAUSE-HOURS-DAYS in hexadecimal
update sources
set
    config_digest = nullif(split_part(digest, '.', 2), ''),
    read_on = cast(try_strptime(split_part(digest, '.', 3), '%Y%m%d') as date),
    pause_s = coalesce(try_cast('0x' || nullif(split_part(split_part(digest, '.', 4), '-', 1), '') as integer), 0),
    skip_hours = coalesce(try_cast('0x' || nullif(split_part(split_part(digest, '.', 4), '-', 2), '') as integer), 0),
    skip_days = coalesce(try_cast('0x' || nullif(split_part(split_part(digest, '.', 4), '-', 3), '') as integer), 0),
    archive_file_count = if(
        kind = 'warc', try_cast(split_part(split_part(digest, '.', 3), '-', 1) as integer), null
    ),
    archive_offset = if(kind = 'warc', try_cast(split_part(split_part(digest, '.', 3), '-', 2) as bigint), null),
    digest = split_part(digest, '.', 1)
where digest is not null;

update polls
set
    config_digest = nullif(split_part(digest, '.', 2), ''),
    read_on = cast(try_strptime(split_part(digest, '.', 3), '%Y%m%d') as date),
    digest = split_part(digest, '.', 1)
where digest is not null;

comment on column sources.digest is 'SHA-256 of the bytes last read whole, hexadecimal: of the document, of the files of a sitemap index, of the listing of a folder; null where something was left undone.';
comment on column sources.config_digest is 'Digest of the configuration (kind, address, selector, pattern) by which that was read; another one voids etag, last_modified and digest.';
comment on column sources.read_on is 'Day of the last answer with a body, by a midnight of the source''s own; on another day it is asked for unconditionally.';
comment on column sources.pause_s is 'Seconds between two polls that the document asks for (ttl, sy:updatePeriod); 0 where it does not say.';
comment on column sources.skip_hours is 'Hours in GMT in which the document asks not to be polled (skipHours), as bits: 1 is midnight to one.';
comment on column sources.skip_days is 'Days in GMT on which the document asks not to be polled (skipDays), as bits: 1 is Monday.';
comment on column sources.archive_file_count is 'Of kind warc: files that were read to their end; null otherwise.';
comment on column sources.archive_offset is 'Of kind warc: offset of the next record in the file behind them, in bytes; null otherwise.';
comment on column polls.digest is 'SHA-256 of the bytes that were read, hexadecimal: of the document, of the files of a sitemap index, of the listing of a folder.';
comment on column polls.config_digest is 'Digest of the configuration (kind, address, selector, pattern) by which they were read.';
comment on column polls.read_on is 'Day of the last answer with a body, by a midnight of the source''s own.';
comment on column polls.pause_s is 'Seconds between two polls that the document asked for; 0 where it did not say.';
comment on column polls.skip_hours is 'Hours in GMT in which the document asked not to be polled, as bits: 1 is midnight to one.';
comment on column polls.skip_days is 'Days in GMT on which the document asked not to be polled, as bits: 1 is Monday.';
comment on column polls.archive_file_count is 'Of kind warc: files that were read to their end; null otherwise.';
comment on column polls.archive_offset is 'Of kind warc: offset of the next record in the file behind them, in bytes; null otherwise.';
