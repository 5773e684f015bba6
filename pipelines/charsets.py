"""Charsets: a label becomes a codec; bytes that name none, or the wrong one, become the likeliest codec.

The guess compares how probable the letters beyond ASCII are under each codec and language: which letters a language
uses, how often, in which case, and whether they stand beside ASCII letters.
"""

import codecs
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

# Aliases that browsers know (WHATWG Encoding, names and labels) and Python does not.
_ALIASES = {
    "ansi": "cp1252", "chinese": "gb18030", "cn-big5": "big5", "cseucpkdfmtjapanese": "euc_jp", "cseuckr": "euc_kr",
    "csgb2312": "gb18030", "csisolatin9": "iso8859-15", "csksc56011987": "euc_kr", "csmacintosh": "mac-roman",
    "gb-2312": "gb18030", "gb-2312-80": "gb18030", "iso-ir-149": "euc_kr", "koi": "koi8-r", "koi8": "koi8-r",
    "ks-c-5601-1989": "euc_kr", "ksc-5601": "euc_kr", "logical": "iso8859-8", "mac": "mac-roman",
    "mac-ukrainian": "mac-cyrillic", "sun-eu-greek": "iso8859-7", "unicode-1-1-utf-8": "utf-8", "utf8mb4": "utf-8",
    "visual": "iso8859-8", "windows-31j": "cp932",
}  # fmt: skip
_SPELLINGS = (
    (re.compile(r"^(?:x-)+"), ""),
    (re.compile(r"^(?:cp|dos|win|windows)[-_]?(\d+)$"), r"cp\1"),
    (re.compile(r"^(?:cs)?iso[-_]?8859[-_]?(\d+)(?:[-_]?[ei])?(?::\d+)?$"), r"iso8859-\1"),
)
# What these names mean on the web is the wider set that holds theirs.
_WIDER = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "hz": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
    "big5": "big5hkscs",
}  # fmt: skip
# Python's own codecs, which no server can mean: "punycode" takes time that grows with the square of the length,
# "undefined" raises whatever it is told to do about errors.
_NO_CHARSETS = frozenset({"charmap", "idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"})

_CYRILLIC = ("cp1251", "koi8-r", "iso8859-5", "cp866", "mac-cyrillic")
_CENTRAL = ("cp1250", "iso8859-2")
# language → codecs it was written in, and its letters beyond ASCII, the most frequent first.
_LETTERS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "en": (("cp1252",), "éñáüöíóèçâ"),
    "fr": (("cp1252",), "éàèêçôîùûâœïëü"),
    "es": (("cp1252",), "óíáéñúü¿¡"),
    "pt": (("cp1252",), "ãçáéíóêõâúôàü"),
    "it": (("cp1252",), "àèùìòéî"),
    "ca": (("cp1252",), "àéóèíòçúïü·"),
    "de": (("cp1252",), "üäößé"),
    "nl": (("cp1252",), "éëïóèöüç"),
    "sv": (("cp1252",), "äåöé"),
    "da": (("cp1252",), "øåæé"),
    "no": (("cp1252",), "åøæéòô"),
    "fi": (("cp1252",), "äöåé"),
    "is": (("cp1252",), "íáðöþéúóýæ"),
    "et": (("cp1257", "cp1252"), "äõüöšž"),
    "lt": (("cp1257",), "ėųšžįūčąę"),
    "lv": (("cp1257",), "āīšēūņļžčķģ"),
    "tr": (("cp1254",), "ıüşğöçİâî"),
    "cs": (_CENTRAL, "íáéěščřžýůúóťňď"),
    "sk": (_CENTRAL, "áíéýčšžúťľňôóďäĺŕ"),
    "pl": (_CENTRAL, "łęąóżśćńź"),
    "hu": (_CENTRAL, "áéöóüőíúű"),
    "ro": (_CENTRAL, "ăîţâş"),
    "hr": (_CENTRAL, "čšžćđ"),
    "sl": (_CENTRAL, "čšžćđ"),
    "ru": (_CYRILLIC, "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"),
    "uk": (("cp1251", "koi8-u", "iso8859-5", "mac-cyrillic"), "оанивіетрслкдпмуязьгбчйхжїюцшєщфґ"),
    "be": (("cp1251", "iso8859-5"), "анеіыкрстолдпуямўвзьбгйчшхжцэюёф"),
    "bg": (_CYRILLIC, "аиоетнрсвлкдпмзъгубячжщцшйфхюь"),
    "sr": (("cp1251", "iso8859-5"), "аоиенрсјтукдвлпмзгбљцшчњжћхђфџ"),
    "mk": (("cp1251", "iso8859-5"), "аоиетнрсвдкплумјзгбчшцжњхфѓќљѕџ"),
    "el": (("cp1253", "iso8859-7"), "ατοιεσνηςρκπμυλίόάέωδγήχφθώύβξζψϊ"),
    "he": (("cp1255",), "יוהלרתבאמשנםחדקפעכטגזסןצךףץ"),
    "ar": (("cp1256", "iso8859-6"), "اليمنترهوبدعفسكقحجةشصىطأخضزثذئإءغظآؤ"),
    "fa": (("cp1256",), "اينردهمتوبسشلكزفگعخقحجپصآچطضظغذثژئ"),
    "th": (("cp874",), "านรอกเง่มยลว้ดทสตะิปบคหแัจพชขใไผโีืุูำึ์็ษศซธณถฟภญฉ"),
}
# The characters that make up a third and more of any text.
_CJK: Mapping[str, tuple[tuple[str, ...], str]] = {
    "ja": (("cp932", "euc_jp"), "のをにはたがでてとしれさいるなりもこらくっかすょ日本人年大国会月一中"),
    "zh": (
        ("gb18030", "big5hkscs"),
        "的一是不了人我在有他这中大来上个国和地到年以会可对生能子就发作时说们要日月行为于分出方市"
        "這個國來會對發時說們為於過還後",
    ),
    "ko": (("cp949",), "이다는을에의가고하지로한기도사은시를자어리나인대정일서"),
}
_CJK_LETTER = re.compile("[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_KANA = re.compile("[\u3041-\u30fc]")
_SIGNS = "“”‘’–—…«»„•\u00a0©®°№€£§、。「」・ー，：（）？！"
_SAMPLE = 2_000  # bytes of words with letters beyond ASCII: more changes no guess
# A character that may be the second byte of another comes along, so that no pair is torn.
_WORDS = re.compile(rb"[A-Za-z]{0,20}[\x80-\xff][\x30-\x39\x40-\xff]*+")
_SPOILT = re.compile("[\ufffd\x80-\x9f\ue000-\uf8ff]")
_BEYOND = re.compile("[^\\x00-\\x7f]")
_MIXED = re.compile(r"[A-Za-z](?=[^\W\x00-\x7f])|[^\W\x00-\x7f](?=[A-Za-z])")
_BEFORE_DIGIT = re.compile(r"[^\W\d\x00-\x7f](?=[0-9])")
_RUN = re.compile(r"[^\W\x00-\x7f](?=[^\W\x00-\x7f])")
_LOG_STRANGER = math.log(1e-4)
_LOG_SPOILT = math.log(1e-6)
_DECLARED = 6.0  # how much a declared language counts: as much as two or three letters
# How much more, or less, of the web's unmarked bytes are in a charset than in others.
_PRIORS = {"cp1252": 1.0, "iso8859-5": -4.0, "iso8859-6": -4.0, "cp866": -4.0, "mac-cyrillic": -6.0}


def find_codec(label: str) -> str | None:
    """The name of Python's codec for a charset label as the web means it; None for what is no charset."""
    return _find_codec(label.strip().lower().replace("_", "-")) if len(label) <= 40 else None


@lru_cache(maxsize=1_024)
def _find_codec(name: str) -> str | None:
    for pattern, spelling in _SPELLINGS:
        name = pattern.sub(spelling, name)
    try:
        found = codecs.lookup(_ALIASES.get(name, name))
    except (LookupError, ValueError):
        return None
    # "hex", "zlib" and their like are codecs too, but not of text.
    if not getattr(found, "_is_text_encoding", True) or found.name.replace("_", "-") in _NO_CHARSETS:
        return None
    return _WIDER.get(found.name, found.name)


def guess_codec(content: bytes, *, language: str | None) -> str:
    """The likeliest codec of bytes that are not UTF-8. `language` (ISO 639-1) is what the document says of itself.

    Never raises; reads a bounded sample: 10 ms, whatever the length.
    """
    words: list[bytes] = []
    size = 0
    for word in _WORDS.finditer(content):
        words.append(word[0][:200])
        size += len(words[-1])
        if size > _SAMPLE:
            break
    sample = b" ".join(words)
    scores: dict[str, float] = {}
    for codec, languages in _languages_by_codec().items():
        shown = _Sample.of(sample.decode(codec, "replace"))
        likelihood = max(shown.log_likelihood(name) + _DECLARED * (name == language) for name in languages)
        scores[codec] = likelihood + _PRIORS.get(codec, 0.0)
    return max(scores, key=lambda codec: scores[codec])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    """What decides how probable a decoded sample is."""

    counts: Mapping[str, int]  # characters beyond ASCII
    mixed: int  # letters beyond ASCII beside ASCII letters
    runs: int  # letters beyond ASCII beside one another
    odd: int  # capitals behind small letters, and letters beyond ASCII before digits

    @classmethod
    def of(cls, text: str) -> "_Sample":
        return cls(
            counts=Counter(_BEYOND.findall(text)),
            mixed=len(_MIXED.findall(text)),
            runs=len(_RUN.findall(text)),
            odd=sum(a.islower() and b.isupper() for a, b in pairwise(text) if a > "@")
            + len(_BEFORE_DIGIT.findall(text)),
        )

    def log_likelihood(self, language: str) -> float:
        """How probable the sample is in a language, as a natural logarithm."""
        known = _log_frequencies(language)
        is_cjk = language in _CJK
        total = sum(
            count * (known.get(char) or _log_unlisted(char, known, is_cjk=is_cjk))
            for char, count in self.counts.items()
        )
        if is_cjk:
            return total - self.mixed
        # Latin letters stand beside ASCII letters; those of other scripts hardly ever do.
        is_latin = _LETTERS[language][1][0] < "\u0250"
        return total - 4.0 * self.odd - (1.5 * self.runs if is_latin else 3.0 * self.mixed)


def _log_unlisted(char: str, known: Mapping[str, float], *, is_cjk: bool) -> float:
    if _SPOILT.match(char):
        return _LOG_SPOILT
    if is_cjk:
        # One of some thousands; a codec that is wrong mostly yields rare ones.
        if _KANA.match(char):
            return -5.0 if "の" in known else -9.0
        return -8.5 if _CJK_LETTER.match(char) and _is_common(char) else -12.0
    lower = known.get(char.lower())
    return lower - 2.5 if lower is not None and char != char.lower() else _LOG_STRANGER


def _is_common(char: str) -> bool:
    return char in _common_cjk()


@cache
def _common_cjk() -> frozenset[str]:
    """The first levels of the national sets, which hold nearly all that is written."""
    levels = (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6), ("euc_jp", 0xB0, 0xCF), ("euc_kr", 0xB0, 0xC8))
    return frozenset(
        char
        for codec, first, last in levels
        for lead in range(first, last + 1)
        for trail in range(0x40, 0xFF)
        for char in bytes((lead, trail)).decode(codec, "ignore")
        if char >= "\u3000"
    )


@cache
def _languages_by_codec() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for language, (names, _letters) in (*_LETTERS.items(), *_CJK.items()):
        for codec in names:
            found.setdefault(codec, []).append(language)
    return {codec: tuple(languages) for codec, languages in found.items()}


@cache
def _log_frequencies(language: str) -> Mapping[str, float]:
    if language in _CJK:
        letters, share = _CJK[language][1], 0.35
        weights: Iterable[float] = [1.0] * len(letters)
    else:
        letters, share = _LETTERS[language][1], 0.9
        # Frequencies fall by about a tenth from letter to letter in an alphabet of thirty, by half in one of four.
        ratio = len(letters) / (len(letters) + 3)
        weights = [ratio**rank for rank in range(len(letters))]
    total = sum(weights)
    found = dict.fromkeys(_SIGNS, math.log(0.1 / 10))
    return found | {letter: math.log(share * weight / total) for letter, weight in zip(letters, weights, strict=True)}
