"""URLs: what people write becomes the address that is asked, the one spelling that names the page, its site and key."""

import re
import socket
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from ipaddress import IPv6Address
from typing import TYPE_CHECKING
from urllib.parse import urljoin
from uuid import UUID

if TYPE_CHECKING:
    from tldextract import TLDExtract

# Our own split, because urllib's raises on "http://[", and hides tabs. A backslash behind the host, where parsers
# disagree on what the host is, makes it no URL; further on it is a slash, as to browsers.
_WEB = re.compile(r"(?is)\A(https?)://([^/\\?#]*)(/[^?#]*|)(?:\?([^#]*))?(?:#.*)?\Z")
_FORBIDDEN = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_WITHOUT_HOST = re.compile(r"(?i)(https?):(?![/\\]{2}[^/\\])(?:[/\\]+(?=[/\\]))?")
DEFAULT_PORTS = {"http": 80, "https": 443}
# Host names as DNS and TLS know them, after IDNA. Underscores occur in the wild.
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)*[a-z0-9_](?:[a-z0-9_-]{0,62})")
_REMEMBERED = 500  # characters
_OCTAL = re.compile(r"(?:\A|\.)0[0-9]")
_STRIPPED = "".join(map(chr, range(0x21))) + "\x7f\x85\xa0\u200b\u2028\u2029\u3000\ufeff"
_UNPRINTABLE = re.compile("[\x00-\x20\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff]")
_DOTS = re.compile("[\u3002\uff0e\uff61]")  # what IDNA reads as a full stop

# What browsers escape in a path and in a query, and a per cent sign that starts no escape.
_UNASKABLE_PATH = re.compile(r"%(?![0-9A-Fa-f]{2})|[^!$-;=@-_a-z|~]")
_UNASKABLE_QUERY = re.compile(r"%(?![0-9A-Fa-f]{2})|[^!$-;=?-~]")
_CANONICAL = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/?]*")
# One alternative a branch: a valid escape, a stray per cent sign, a character that must be escaped.
_ESCAPES = re.compile(r"(?s)%([0-9A-Fa-f]{2})|(%)|([^A-Za-z0-9\-._~!$&'()*+,;=:@/?])")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

# Parameters that tell where the reader came from, never what is shown.
_TRACKING_PREFIXES = (
    *("utm_", "at_", "mtm_", "piwik_", "matomo_", "hsa_", "stm_", "itm_", "gad_", "ns_", "vero_", "fb_action"),
    *("wt_mc", "wt_zmc", "wt.mc", "wt.zmc", "pk_cam", "pk_k", "pk_source", "pk_medium", "pk_content"),
)
_TRACKING_NAMES = frozenset(
    """
    fbclid fb_source fb_ref fb_comment_id gclid gclsrc dclid gbraid wbraid _ga _gl msclkid yclid ymclid ysclid _openstat
    twclid ttclid li_fat_id igshid igsh epik srsltid s_cid s_kwcid __twitter_impression mc_cid mc_eid mkt_tok
    _hsenc _hsmi _hsfp hsctatracking __hssc __hstc __hsfp ml_subscriber ml_subscriber_hash ck_subscriber_id
    oly_anon_id oly_enc_id rb_clickid wickedid _branch_match_id _branch_referrer guccounter guce_referrer
    guce_referrer_sig ncid icid ito xtor cmpid ocid ftag tblci dicbo oborigurl smid smtyp partnerref partner_ref
    echobox soc_src soc_trk ref_src refsrc ref_url refurl spm trk trkcampaign trkinfo fromrss tpcc taid wtmc
    int_campaign int_medium int_source int_content int_cmp sc_campaign sc_channel sc_cid sc_content sc_medium sc_src
    """.split()
)
# These often carry content, so only their well-known origins go ("?ref=rss", not "?source=42").
_ORIGIN_NAMES = frozenset({"ref", "source", "src", "from", "via", "cmp", "campaign", "feature", "output_ref", "origin"})
_ORIGINS = re.compile(
    r"(?i)\A(?:rss\d*|rss[-_].+|(?:main)?feed|feedburner|atom|twitter|tw|facebook|fb|telegram|tg|whatsapp|linkedin|reddit"
    r"|email|mail|newsletter|share|social|googlenews|google_news|google|yandex|yandexnews|yxnews|push|emailshare|homepage)\Z"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Url:
    """An http(s) URL as it is asked for: without user, password, fragment or dot segments; printable ASCII."""

    scheme: str
    host: str  # lower case, IDNA, no trailing dot; IPv6 without brackets
    port: int
    rest: str  # path and query; may be empty

    @property
    def key(self) -> str:
        """The host that politeness belongs to: its name, with the port where that is not the default."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a robots.txt speaks for."""
        return f"{self.scheme}://{self.key}"

    @property
    def path(self) -> str:
        """What is asked for: path and query."""
        return self.rest if self.rest.startswith("/") else f"/{self.rest}"

    @property
    def url(self) -> str:
        """The whole, as text."""
        return self.origin + self.rest


def parse_url(text: str) -> Url | None:
    """Read an absolute http(s) URL; None for anything else, and for what parsers do not agree on. Never raises.

    One reading serves robots.txt, the request and the canonical form, so that "/public/%2e%2e/private" is "/private"
    to all three.
    """
    # A run asks for the same URL some ten times; only those of a sane length are worth remembering.
    return _parse_again(text) if len(text) <= _REMEMBERED else _parse(text)


def _parse(text: str) -> Url | None:
    text = _strip_breaks(text)
    parts = _WEB.match(text)
    if parts is None or (not (text.isascii() and text.isprintable()) and _FORBIDDEN.search(text)):
        return None
    scheme, authority, path, query = parts[1].lower(), parts[2], parts[3], parts[4]
    host, port = _split_authority(authority.rpartition("@")[2])
    host = _canonical_host(host)
    number = int(port or DEFAULT_PORTS[scheme]) if port is not None and len(port) <= 5 else 0
    if not host or not 0 < number <= 65_535:
        return None
    rest = _UNASKABLE_PATH.sub(_escape, _without_dot_segments(path.replace("\\", "/")))
    if query is not None:
        rest = f"{rest}?{_UNASKABLE_QUERY.sub(_escape, query)}"
    return Url(scheme=scheme, host=host, port=number, rest=rest)


_parse_again = lru_cache(maxsize=4_096)(_parse)


def join(base: str, link: str) -> str:
    """Where a link on the page `base` leads, dot segments resolved; what is no relative link stays. Never raises."""
    link = _strip_breaks(link)
    parts = _WEB.match(_strip_breaks(base))
    if parts and (lone := _WITHOUT_HOST.match(link)) and lone[1].lower() == parts[1].lower():
        link = link[lone.end() :]  # "http:///path" and "http:path" mean the host of the base
    if _SCHEME.match(link):
        return link
    if parts is None:
        try:
            return urljoin(base, link)
        except ValueError:
            return link
    origin, path = f"{parts[1]}://{parts[2]}", parts[3].replace("\\", "/")
    if link[:1] in {"/", "\\"}:
        if link[1:2] in {"/", "\\"}:
            return f"{parts[1]}:{link}"
        path, rest = "", link
    elif link[:1] in {"", "?", "#"}:
        rest = link if link[:1] == "?" else f"{'' if parts[4] is None else '?' + parts[4]}{link}"
    else:
        path, rest = path[: path.rfind("/") + 1] or "/", link
    end = min((at for at in (rest.find("?"), rest.find("#")) if at >= 0), default=len(rest))
    joined = (path + rest[:end]).replace("\\", "/")
    return f"{origin}{_without_dot_segments(joined)}{rest[end:]}".removesuffix("#")


def canonicalise(url: str) -> str:
    """The spelling under which a URL is remembered. Pure, idempotent, raises on nothing.

    Scheme and host lower-case, host as IDNA (UTS 46), no credentials, default port, dot segments, fragment or
    tracking parameters; escapes in one form (RFC 3986, 6.2.2). What remains of the query keeps its order, since
    some sites route by it. What is no http(s) URL only loses white space and what cannot be printed.
    """
    text = _UNPRINTABLE.sub(_escape, _strip_breaks(url))
    found = parse_url(text)
    if found is None:
        return text
    path, _, query = found.path.partition("?")
    kept = _kept_parameters(query) if query else ""
    return f"{found.origin}{_canonical_escapes(path)}{'?' + kept if kept else ''}"


def url_id(canonical_url: str) -> UUID:
    """The key of a canonical URL: the first 16 bytes of its SHA-256."""
    return UUID(bytes=sha256(canonical_url.encode("utf-8", "surrogatepass")).digest()[:16])


def registered_domain(url: str) -> str | None:
    """The part of the host that somebody registered ("news.bbc.co.uk" → "bbc.co.uk"); None where there is no host.

    By the Public Suffix List that travels with tldextract, private suffixes included, so that two blogs on one
    platform are two domains. An address or a lone name is its own domain; an unknown suffix counts one label.
    """
    host = host_of(url)
    return _registered(host) if host else None


def is_same_site(a: str, b: str) -> bool:
    """Whether both URLs have a host and belong to one registered domain."""
    domain = registered_domain(a)
    return domain is not None and domain == registered_domain(b)


def host_of(url: str) -> str | None:
    """The host of an http(s) URL, lower-case and as IDNA, without port; None where there is none."""
    found = parse_url(url)
    if found is None:
        return None
    return f"[{found.host}]" if ":" in found.host else found.host


def _strip_breaks(url: str) -> str:
    """As browsers do: white space around a URL, and line breaks and tabs within it, mean nothing."""
    text = url.strip(_STRIPPED)
    if "\n" in text or "\r" in text or "\t" in text:
        return text.replace("\n", "").replace("\r", "").replace("\t", "").strip(_STRIPPED)
    return text


def _escape(match: re.Match[str]) -> str:
    return _percent(match[0].encode("utf-8", "surrogatepass"))


def _percent(raw: bytes) -> str:
    return "".join(f"%{byte:02X}" for byte in raw)


def _split_authority(text: str) -> tuple[str, str | None]:
    """Host and port; the port is empty where none is given, None where it is no number."""
    if text.startswith("["):
        host, bracket, after = text.partition("]")
        host += bracket
        port = after[1:] if after[:1] == ":" else after
        is_sound = not after or after[:1] == ":"
    else:
        host, _, port = text.partition(":")
        is_sound = True
    return host, port if is_sound and (not port or (port.isascii() and port.isdigit())) else None


def _canonical_host(host: str) -> str:
    """The host as DNS asks for it; empty where it is none."""
    if host.startswith("["):
        try:
            return str(IPv6Address(host[1:-1])) if host.endswith("]") and "%" not in host else ""
        except ValueError:
            return ""
    host = host.lower() if host.isascii() else _ascii_host(host)
    host = host.removesuffix(".")
    if len(host) > 253 or not _HOST.fullmatch(host):
        return ""
    last = host.rpartition(".")[2]
    if not (last.isdigit() or last.startswith("0x")):
        return host
    # "127.1" and "0x7f000001" are 127.0.0.1 to a system that is asked to connect; "012.0.0.1" is two addresses.
    try:
        return "" if _OCTAL.search(host) else socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return ""


def _ascii_host(host: str) -> str:
    import idna

    try:
        # Label by label, since an underscore in one must not cost the others.
        return ".".join(
            label.lower() if label.isascii() else idna.encode(label, uts46=True).decode("ascii").lower()
            for label in _DOTS.sub(".", host).split(".")
        )
    except (idna.IDNAError, UnicodeError):
        return ""


def _canonical_escapes(text: str) -> str:
    return text if _CANONICAL.fullmatch(text) else _ESCAPES.sub(_canonical_escape, text)


def _canonical_escape(match: re.Match[str]) -> str:
    if match[1]:
        code = int(match[1], 16)
        return chr(code) if code in _UNRESERVED else f"%{code:02X}"
    # A stray sign must become an escape, or what follows it might form one on the next pass.
    return "%25" if match[2] else _percent(match[3].encode("utf-8", "surrogatepass"))


def _without_dot_segments(path: str) -> str:
    """The path with "." and ".." resolved, also where they are escaped."""
    if "/." not in path and "/%2" not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        match segment.lower().replace("%2e", "."):
            case "..":
                del kept[-1:]
                is_folder = True
            case ".":
                is_folder = True
            case _:
                kept.append(segment)
                is_folder = False
    if is_folder:
        kept.append("")
    return "/" + "/".join(kept)


def _kept_parameters(query: str) -> str:
    parameters = (_canonical_escapes(parameter) for parameter in query.replace("&amp;", "&").split("&"))
    return "&".join(parameter for parameter in parameters if parameter and not _is_tracking(parameter))


def _is_tracking(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    name = name.lower()
    if name in _TRACKING_NAMES or name.startswith(_TRACKING_PREFIXES):
        return True
    return name in _ORIGIN_NAMES and bool(_ORIGINS.match(value))


@cache
def _suffixes() -> "TLDExtract":
    # Imported late: it draws in requests (0.1 s), and most commands never need a domain.
    from tldextract import TLDExtract

    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


@lru_cache(maxsize=65_536)
def _registered(host: str) -> str:
    found = _suffixes()(host)
    if found.domain and found.suffix:
        return f"{found.domain}.{found.suffix}".lower()
    labels = host.split(".")
    if host.startswith("[") or found.ipv4 or found.suffix:
        return host
    return ".".join(labels[-2:])
