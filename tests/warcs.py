"""Warcs: WARC files as crawlers elsewhere write them, in the layout of CC-NEWS, and pages for an archive of ours."""

import gzip
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.archive import Archive, read_record
from pipelines.model import Page
from tests.builders import NOON, RUN, a_fetch, a_page, an_entry

PARAGRAPHS = "".join(
    f"<p>Paragraph {number} tells at some length of the railway, of those who built it and of those who ride on it.</p>"
    for number in range(8)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """One exchange of a crawler: a request record and a response record."""

    url: str
    title: str = "A railway"
    date: str = "2026-10-01T10:00:00Z"
    status: str = "200 OK"
    content_type: str = "text/html; charset=utf-8"
    is_gzipped: bool = False  # the body, as wget and browsers keep it; CC-NEWS keeps it decoded
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()  # more of them

    @property
    def page(self) -> bytes:
        """The body, decoded."""
        html = f"<title>{self.title}</title><article><h1>{self.title}</h1>{PARAGRAPHS}<p>{self.title}.</p></article>"
        return self.body if self.body is not None else f"<html><body>{html}</body></html>".encode()


def write_warc(path: Path, crawled: Iterable[Crawled], *, is_gzip: bool = True) -> Path:
    """Write a file: warcinfo, then a request and a response for each."""
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=is_gzip)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "a crawler"}))
        for one in crawled:
            dated = {"WARC-Date": one.date}
            asked = io.BytesIO(b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n")
            writer.write_record(writer.create_warc_record(one.url, "request", payload=asked, warc_headers_dict=dated))
            headers = [("Content-Type", one.content_type), *one.headers]
            body = one.page
            if one.is_gzipped:
                headers.append(("Content-Encoding", "gzip"))
                body = gzip.compress(body)
            writer.write_record(
                writer.create_warc_record(
                    one.url,
                    "response",
                    payload=io.BytesIO(body),
                    length=len(body),
                    http_headers=StatusAndHeaders(one.status, headers, protocol="HTTP/1.1"),
                    warc_headers_dict=dated,
                )
            )
    return path


HEADERS = (
    ("content-type", "text/html; charset=utf-8"),
    ("content-encoding", "gzip"),
    ("transfer-encoding", "chunked"),
    ("content-length", "77"),
    ("set-cookie", "a=1"),
    ("set-cookie", "b=2"),
    ("x-city", "Köln"),
)


def fetched(content: bytes = b"<p>One</p>", url: str = "https://courier.example/one", **changes: object) -> Page:
    """A page of the web, with its digest."""
    fetch = a_fetch(url, digest=hashlib.sha256(content).hexdigest(), byte_count=len(content), **changes)
    return a_page(content, entry=an_entry(url), fetch=fetch, headers=HEADERS, status_line="HTTP/1.1 200 Fine")


def a_file(content: bytes = b"One text.") -> Page:
    """A local file."""
    fetch = a_fetch(
        "file:///tmp/one.txt",
        status=None,
        content_type="text/plain",
        digest=hashlib.sha256(content).hexdigest(),
    )
    return a_page(content, entry=an_entry("file:///tmp/one.txt"), fetch=fetch)


def kept(data: Path, pages: list[Page], *, now: datetime = NOON, file_bytes: int = 1 << 20) -> list[Page]:
    """The pages after one call of an archive of its own."""
    archive = Archive(data, run_id=RUN, software="presswatch/test", file_bytes=file_bytes)
    try:
        return archive.add(pages, now=now)
    finally:
        archive.close()


def warc_of(data: Path, page: Page) -> Path:
    assert page.fetch.warc_file is not None
    return data / "warc" / page.fetch.warc_file


def read(data: Path, page: Page) -> bytes:
    fetch = page.fetch
    assert fetch.warc_file is not None
    assert fetch.warc_offset is not None
    return read_record(data, fetch.warc_file, fetch.warc_offset, length=fetch.warc_length, digest=fetch.digest).content
