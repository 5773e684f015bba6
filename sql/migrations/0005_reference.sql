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
comment on column reasons.reason is 'The slug, as in rejects.reason, fetches.reason, polls.reason and sources.last_reason.';
comment on column reasons.stage is 'Stage to which it belongs; a poll may fail for the reasons of fetching, too.';
comment on column reasons.meaning is 'What it means.';
comment on column reasons.advice is 'What to do about it.';
comment on column reasons.weight is 'How much it weighs where the poll of a source fails: hard 1, soft ½, transient ¼; each point doubles the wait.';
comment on column reasons.is_urgent is 'Whether a source that fails for it needs a person after one poll, not after three in a row.';
comment on column reasons.is_retried is 'Whether the fault may pass: later runs fetch the entry again, five times in all.';
comment on column reasons.is_repeated is 'Whether the fetcher makes three attempts within one fetch before it gives this reason.';
comment on column reasons.is_unanswered is 'Whether nobody answered; if all sources fail so, the network of the machine seems to be down.';
comment on column reasons.blames_host is 'Whether the fault lies with the host rather than with the page: three in a row pause the host.';
comment on column reasons.is_wall is 'Whether the page stands between the reader and an article: consent, bot check, paywall, empty shell.';
