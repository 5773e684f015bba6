-- How much a page says about its text: title, authors and date are three things to say.
create macro described_count(title, authors, published_at) as
if(title is null, 0, 1) + least(coalesce(len(authors), 0), 1) + if(published_at is null, 0, 1);

comment on macro described_count is 'How many of title, authors and date of publication a page gives: 0 to 3. The page with the highest count describes the article.';
