"""What a newsroom's script does without Presswatch: feedparser, httpx, trafilatura and DuckDB, one by one."""

import sys

import duckdb
import feedparser
import httpx
import trafilatura


def main(base: str, feeds: int, database: str) -> None:
    """Read every feed and article of the site at `base` into a table."""
    connection = duckdb.connect(database)
    connection.execute("create table if not exists articles (url varchar primary key, title varchar, text varchar)")
    with httpx.Client(timeout=20) as client:
        for number in range(feeds):
            for entry in feedparser.parse(client.get(f"{base}/feed/{number}").content).entries:
                if connection.execute("select 1 from articles where url = ?", [entry.link]).fetchall():
                    continue
                page = client.get(entry.link)
                found = trafilatura.bare_extraction(page.text, url=entry.link, with_metadata=True)
                if found is not None:
                    row = [entry.link, found.title, found.text]
                    connection.execute("insert into articles values (?, ?, ?)", row)
    connection.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
