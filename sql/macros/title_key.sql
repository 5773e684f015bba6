-- What makes two titles the same: their letters and digits, whatever the case.
create macro title_key(title) as nullif(regexp_replace(lower(title), '[^\p{L}\p{N}]+', '', 'g'), '');

comment on macro title_key is 'Letters and digits of a title in lower case; null where it has none. Titles with the same key count as the same.';
