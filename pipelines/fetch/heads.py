"""Heads: the status line and headers of an answer, as odd servers send them, become ones that h11 accepts.

h11 refuses a whole answer for one odd line. Browsers drop the line, and so does this (RFC 9112, 2.2 and 5.1). It
refuses only where a guess could be wrong about where the body ends.
"""

import re
from dataclasses import dataclass

from pipelines.fetch.failures import FetchError

# A field as RFC 9110 has it, but for white space before the colon. A value may hold anything but control characters.
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:([^\x00-\x08\x0a-\x1f\x7f]*)")
# What looks like one of these must be sound, or the end of the body would be a guess.
_FRAMING = re.compile(rb"(?i)[^:]*(?:content-length|transfer-encoding)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Status and headers of an answer."""

    status: int
    reason: str
    version: str
    raw_headers: tuple[tuple[bytes, bytes], ...]  # names in lower case

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Names in lower case, values as UTF-8 where they are, else as Latin-1."""
        return tuple((name.decode("ascii"), decode_field(value)) for name, value in self.raw_headers)

    @property
    def status_line(self) -> str:
        """As it was received."""
        return f"HTTP/{self.version} {self.status} {self.reason}".strip()

    def get(self, name: bytes) -> str:
        """The values of a header, joined by commas; "" where there is none."""
        return ", ".join(decode_field(value) for key, value in self.raw_headers if key == name)

    @property
    def location(self) -> str:
        """Where a redirect leads; "" where it does not say.

        What is not UTF-8 is escaped byte by byte, as browsers do: a server that writes Latin-1 expects it back.
        """
        value = next((value for key, value in self.raw_headers if key == b"location"), b"")
        try:
            return value.decode()
        except UnicodeDecodeError:
            return "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in value)


def mend_head(head: bytes) -> bytes:
    """The head without lines that are no header fields; raises FetchError (protocol-error).

    head: from the status line to the blank line, both included.

    Refused are a NUL anywhere, as by browsers, and a Content-Length or Transfer-Encoding that is no field. "chunked"
    may be named twice and beside "identity"; other codings are left to h11, which refuses them. A connection whose
    framing was mended, or that has a length beside "chunked", is not used again: what follows may be no answer of ours.
    """
    if b"\0" in head:
        raise FetchError("protocol-error", "a NUL in the headers")
    status_line, *lines = (line.removesuffix(b"\r") for line in head.rstrip(b"\r\n").split(b"\n"))
    kept: list[bytes] = []
    codings: list[bytes] = []
    has_length = is_dropped = False
    for line in lines:
        if line[:1] in (b" ", b"\t"):  # goes on with the line before (RFC 9112, 5.2)
            if kept and not is_dropped and _FIELD.fullmatch(b"x:" + line):
                kept.append(line)
            continue
        field = _FIELD.fullmatch(line)
        is_dropped = field is None
        if field is None:
            if _FRAMING.match(line):
                raise FetchError("protocol-error", f"a header that says where the body ends is broken: {line[:80]!r}")
            continue
        name = field[1].lower()
        if name == b"transfer-encoding":
            codings += [part.strip().lower() for part in field[2].split(b",")]
            is_dropped = True
        else:
            has_length = has_length or name == b"content-length"
            kept.append(field[1] + b":" + field[2])
    if codings:
        named = dict.fromkeys(coding for coding in codings if coding not in (b"", b"identity"))
        if named:
            kept.append(b"Transfer-Encoding: " + b", ".join(named))
        if has_length or codings != [b"chunked"]:
            kept.append(b"Connection: close")
    return b"\r\n".join([status_line, *kept, b"", b""])


def decode_field(value: bytes) -> str:
    """UTF-8 where it is, else Latin-1."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
