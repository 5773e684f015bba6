-- One row per article of the last days whose title or text holds a pattern, newest first.
create macro find_articles(pattern, days := 7) as table
select article_id, first_seen_at, source, language, title, canonical_url, text
from articles
where
    first_seen_at >= now() - to_days(cast(days as integer))
    and regexp_matches(concat_ws(chr(10), title, text), '(?i)' || pattern)
order by first_seen_at desc;

comment on macro table find_articles is 'Articles of the last days (7 by default) whose title or text matches a regular expression, newest first: from find_articles(''\b(nato|opec)\b'', days := 30).';
