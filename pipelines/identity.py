"""Identity: a text becomes its content hash, and the hash the article's id.

The hash carries the version of the normalisation in front, so that a later normalisation cannot be
mistaken for this one.
"""

import hashlib
import re
import unicodedata
from uuid import UUID

NORMALISATION = "1"

# Typographic twins: outlets that carry the same wire copy differ in these and in nothing else.
_QUOTES = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc\uff07`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u2039\u203a\uff02", '"'),
        # Invisible: soft hyphen, zero-width space and no-break, word joiner, direction marks.
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff\u200e\u200f"),
    }
)
_BLANKS = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r"\s*[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]\s*")


def normalise(text: str) -> str:
    """Return the text as it is hashed: NFC, straight quotes, single spaces, no blank lines. Idempotent."""
    text = unicodedata.normalize("NFC", text).translate(_QUOTES)
    # Taking an invisible character out can bring two together that compose.
    text = unicodedata.normalize("NFC", text)
    return _BLANKS.sub(" ", _BREAKS.sub("\n", text)).strip()


def content_hash(text: str) -> str:
    """Return "VERSION:SHA-256", hexadecimal, over the version and the normalised text."""
    digest = hashlib.sha256(f"{NORMALISATION}\n{normalise(text)}".encode("utf-8", "surrogatepass"))
    return f"{NORMALISATION}:{digest.hexdigest()}"


def article_id(content_hash: str) -> UUID:
    """Return the first 16 bytes of a content hash; a UUID joins ten times faster than hexadecimal text."""
    return UUID(hex=content_hash.partition(":")[2][:32])
