"""Records: a fetched page, or the description of a file, becomes one WARC 1.1 record in a gzip member of its own."""

import base64
import hashlib
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from uuid import UUID, uuid5

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.model import Page

# Level 4 costs 2.6 ms a page of 300 kB and 6 % more room than warcio's level 9, which costs 8.1 ms (measured).
_LEVEL = 4
# The body is kept decoded, so header fields about its coding would be wrong. Common Crawl uses this prefix, too.
_KEPT_ASIDE = "X-Crawler-"
_OF_TRANSFER = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_PROTOCOLS = frozenset({"HTTP/1.0", "HTTP/1.1"})
_SPECIFICATION = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_DESCRIPTION = (
    "Bodies are decoded of their Content-Encoding and Transfer-Encoding; the fields that named these, and "
    f"Content-Length as it came, are kept with the prefix {_KEPT_ASIDE}. Names of headers are in lower case, values "
    "in UTF-8."
)


def page_member(page: Page) -> bytes:
    """The record of a page: a response, or a resource where it came from no server."""
    return _member(_page_record(page))


def info_member(name: str, *, run_id: UUID, at: datetime, fields: Mapping[str, str]) -> bytes:
    """The warcinfo with which the file `name` begins; `fields` are its own."""
    fields = {**fields, "format": "WARC File Format 1.1", "conformsTo": _SPECIFICATION, "description": _DESCRIPTION}
    content = "".join(f"{key}: {value}\r\n" for key, value in fields.items()).encode()
    headers = {
        "WARC-Record-ID": f"<urn:uuid:{uuid5(run_id, name)}>",
        "WARC-Filename": name,
        "WARC-Date": _instant(at),
        "WARC-Block-Digest": _digest(content),
    }
    return _member(_record("", "warcinfo", content, headers, content_type="application/warc-fields"))


class _Member:
    """One gzip member, to which warcio writes in pieces."""

    def __init__(self) -> None:
        self._compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> None:
        self._parts.append(self._compressor.compress(data))

    def flush(self) -> None:
        """warcio's word at the end of a record; the member ends with close."""

    def close(self) -> bytes:
        return b"".join([*self._parts, self._compressor.flush()])


def _member(record: ArcWarcRecord) -> bytes:
    member = _Member()
    WARCWriter(member, gzip=False, warc_version="1.1").write_record(record)
    return member.close()


def _page_record(page: Page) -> ArcWarcRecord:
    fetch = page.fetch
    payload_digest = bytes.fromhex(fetch.digest) if fetch.digest else hashlib.sha256(page.content).digest()
    headers = {
        # The record is called as the row in `fetches`, so that one finds the other.
        "WARC-Record-ID": f"<urn:uuid:{fetch.fetch_id}>",
        "WARC-Date": _instant(fetch.fetched_at),
        "WARC-Payload-Digest": _label(payload_digest),
    }
    uri = _one_line(fetch.final_url)
    if fetch.status is None:
        headers["WARC-Block-Digest"] = headers["WARC-Payload-Digest"]
        return _record(
            uri, "resource", page.content, headers, content_type=_one_line(fetch.content_type or "text/plain")
        )
    http = _http_headers(page)
    http.compute_headers_buffer()
    headers["WARC-Block-Digest"] = _digest(http.headers_buff, page.content)
    content_type = "application/http; msgtype=response"
    return _record(uri, "response", page.content, headers, content_type=content_type, http=http)


def _http_headers(page: Page) -> StatusAndHeaders:
    protocol, _, status = (page.status_line or f"HTTP/1.1 {page.fetch.status}").partition(" ")
    headers = [
        (f"{_KEPT_ASIDE}{name.title()}" if name.lower() in _OF_TRANSFER else _one_line(name), _one_line(value))
        for name, value in page.headers
    ]
    headers.append(("content-length", str(len(page.content))))
    # HTTP/2 has no status line of its own; readers know these two.
    return _HttpHeaders(_one_line(status), headers, protocol=protocol if protocol in _PROTOCOLS else "HTTP/1.1")


class _HttpHeaders(StatusAndHeaders):  # type: ignore[misc]
    """In UTF-8: warcio quotes values that are not ASCII, and fails on such a status line ("200 Très bien")."""

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        self.headers_buff = self.to_bytes(header_filter)


def _record(
    uri: str,
    record_type: str,
    content: bytes,
    headers: dict[str, str],
    *,
    content_type: str,
    http: StatusAndHeaders | None = None,
) -> ArcWarcRecord:
    return WARCWriter(None, gzip=False, warc_version="1.1").create_warc_record(
        uri,
        record_type,
        payload=BytesIO(content),
        length=len(content),
        warc_content_type=content_type,
        warc_headers_dict=headers,
        http_headers=http,
    )


def _digest(*parts: bytes) -> str:
    total = hashlib.sha256()
    for part in parts:
        total.update(part)
    return _label(total.digest())


def _label(digest: bytes) -> str:
    return f"sha256:{base64.b32encode(digest).decode()}"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _one_line(text: str) -> str:
    # UTF-8 cannot hold half a surrogate pair.
    sound = text.encode("utf-8", "replace").decode()
    return "".join(" " if character in "\r\n\0" else character for character in sound)
