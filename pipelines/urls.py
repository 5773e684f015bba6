"""URLs: from what a source announces to the one spelling that names the page, its site and its key."""

import re
from functools import cache, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from tldextract import TLDExtract

# RFC 3986, appendix B. Our own split, because urllib's raises on "http://[", and hides tabs.
_PARTS = re.compile(r"(?s)\A([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?\Z")
_AUTHORITY = re.compile(r"(?s)\A(?:.*@)?(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::([0-9]{0,5}))?\Z")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_STRIPPED = "".join(map(chr, range(0x21))) + "\x7f\x85\xa0\u200b\u2028\u2029\u3000\ufeff"
_UNPRINTABLE = re.compile("[\x00-\x20\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff]")
_DOTS = re.compile("[\u3002\uff0e\uff61]")  # what IDNA reads as a full stop

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


def canonicalise(url: str) -> str:
    """The spelling under which a URL is remembered. Pure, idempotent, raises on nothing.

    Scheme and host lower-case, host as IDNA (UTS 46), no credentials, default port, dot segments, fragment or
    tracking parameters; escapes in one form (RFC 3986, 6.2.2). What remains of the query keeps its order, since
    some sites route by it. What is no http(s) URL only loses white space and what cannot be printed.
    """
    text = _UNPRINTABLE.sub(_escape_unprintable, _strip_breaks(url))
    parts = _PARTS.match(text)
    if parts is None:
        return text
    scheme, authority, path, query = parts[1].lower(), parts[2], parts[3], parts[4]
    if scheme not in _DEFAULT_PORTS:
        return text
    split = _AUTHORITY.match(authority)
    host = _canonical_host(split[1]) if split else ""
    if split is None or not host:
        return text
    port = (split[2] or "").lstrip("0")
    if port and port != _DEFAULT_PORTS[scheme]:
        host = f"{host}:{port}"
    kept = _kept_parameters(query) if query else ""
    return f"{scheme}://{host}{_without_dot_segments(_canonical_escapes(path))}{'?' + kept if kept else ''}"


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
    parts = _PARTS.match(_strip_breaks(url))
    if parts is None or parts[1].lower() not in _DEFAULT_PORTS:
        return None
    split = _AUTHORITY.match(parts[2])
    return (_canonical_host(split[1]) or None) if split else None


def _strip_breaks(url: str) -> str:
    """As browsers do: white space around a URL, and line breaks and tabs within it, mean nothing."""
    return url.strip(_STRIPPED).replace("\n", "").replace("\r", "").replace("\t", "").strip(_STRIPPED)


def _escape_unprintable(match: re.Match[str]) -> str:
    return _percent(match[0].encode("utf-8", "surrogatepass"))


def _percent(raw: bytes) -> str:
    return "".join(f"%{byte:02X}" for byte in raw)


def _canonical_host(host: str) -> str:
    if host.startswith("["):
        return host.lower()
    return ".".join(_canonical_label(label) for label in _DOTS.sub(".", host).split(".")).rstrip(".")


def _canonical_label(label: str) -> str:
    if label.isascii():
        return label.lower()
    import idna

    try:
        return idna.encode(label, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        # Nobody can resolve it, yet it must keep one spelling that later passes leave alone.
        return _percent(label.encode("utf-8", "surrogatepass")).lower()


def _canonical_escapes(text: str) -> str:
    return _ESCAPES.sub(_canonical_escape, text)


def _canonical_escape(match: re.Match[str]) -> str:
    if match[1]:
        code = int(match[1], 16)
        return chr(code) if code in _UNRESERVED else f"%{code:02X}"
    # A stray sign must become an escape, or what follows it might form one on the next pass.
    return "%25" if match[2] else _percent(match[3].encode("utf-8", "surrogatepass"))


def _without_dot_segments(path: str) -> str:
    if "/." not in path:
        return path or "/"
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
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
