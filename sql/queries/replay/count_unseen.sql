-- One row: how many kept pages of what was selected the candidate does not know.
select count(*)
from fetches
cross join candidate.replay
anti join candidate.pages on fetches.fetch_id = pages.fetch_id
where
    fetches.warc_file is not null
    and (len(replay.sources) = 0 or list_contains(replay.sources, fetches.source))
    and (replay.since is null or fetches.fetched_at >= replay.since)
    and (
        fetches.article_id is null
        or fetches.article_id not in (from articles select article_id where list_contains(flags, 'text-from-feed'))
    )
