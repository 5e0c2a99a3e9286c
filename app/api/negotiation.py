"""What a client prefers: format, language and content coding, by the weights of its headers (RFC 9110, 12.4 and 12.5).

What has the weight 0 is refused; an element whose weight cannot be read is as if it were not there. Readings are kept,
for the byte cache asks for all three on the event loop with every request.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, TypeVar

from app.api.codings import CODED, Coding
from app.api.headers import listed
from app.errors import Language

Format = Literal["text", "json", "csv", "xlsx", "ndjson", "json-stat", "docx", "pdf"]
MEDIA: dict[Format, str] = {
    "text": "text/plain; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ndjson": "application/x-ndjson",
    "json-stat": "application/vnd.json-stat+json",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
"""The formats of answers; of equally welcome ones the first."""
CONSTANT = {"charset": ("utf-8", "utf8"), "header": ("present",)}
"""Parameters of media types that have one value here; a range that asks for another fits nothing."""
WORDS: tuple[Language, ...] = ("en", "vi")
"""The languages of what is said, the first where neither is preferred."""
NAMES: tuple[Language, ...] = ("vi", "en")
"""The languages of names, likewise."""
CODINGS: dict[str, tuple[Coding, ...]] = {**{name: (name,) for name in CODED}, "x-gzip": ("gzip",), "*": tuple(CODED)}

LONGEST = 1_000
"""Characters of a header that are read; browsers send a few hundred."""
ELEMENT = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+')
PART = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*"?)+')
WEIGHT = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")

Headers = Iterable[tuple[bytes, bytes]]
Offer = TypeVar("Offer", bound=str)


class PreferenceRange(NamedTuple):
    """One element of a header in small letters: what it names, with which parameters, and how welcome that is."""

    name: str
    parameters: Mapping[str, str]
    weight: float


class Preference(NamedTuple):
    """How welcome an offer is: by weight, then by how closely it was named, then by its place in the header."""

    weight: float
    closeness: tuple[int, int]
    precedence: int


def accepted_formats(headers: Headers) -> tuple[Format, ...]:
    """The formats that `Accept` lets be sent, the most welcome first; JSON comes last where nothing is said of it.

    All that an answer hangs on in `Accept`: the first of them that its address has is the one that leaves.
    """
    return _formats(_read(headers, b"accept"))


def is_acceptable(headers: Headers, offered: tuple[str, ...]) -> bool:
    """Whether `Accept` lets one of these media types be sent; of the first, the usual one, it need say nothing."""
    return _acceptable(_read(headers, b"accept"), offered)


def preferred_language(headers: Headers) -> Language:
    """The language that `Accept-Language` prefers; English where it prefers or allows neither."""
    return _language(_read(headers, b"accept-language"), WORDS)


def name_language(headers: Headers) -> Language:
    """The language of names in an answer: Vietnamese, the one in which they are stated, unless English is preferred."""
    return _language(_read(headers, b"accept-language"), NAMES)


def accepted_codings(headers: Headers) -> tuple[Coding, ...]:
    """The content codings that `Accept-Encoding` lets be sent, the most welcome first."""
    return _codings(_read(headers, b"accept-encoding"))


def negotiated(language: Language | None, *, by_format: bool = False) -> dict[str, str]:
    """The headers that say how an answer was chosen; `language`: the one of its words, None where it has none."""
    hangs_on = [*(["Accept"] if by_format else []), *(["Accept-Language"] if language else [])]
    return {
        **({"Content-Language": language} if language else {}),
        **({"Vary": ", ".join(hangs_on)} if hangs_on else {}),
    }


def _read(headers: Headers, name: bytes) -> str:
    """A header; of a very long one the elements that lie within the limit."""
    header = listed(headers, name)
    return header if len(header) <= LONGEST else header[:LONGEST].rpartition(",")[0]


@lru_cache(256)
def _formats(accept: str) -> tuple[Format, ...]:
    """
    >>> _formats("text/csv;q=0.5, application/json"), _formats("text/html"), _formats("application/json;q=0")
    (('json', 'csv'), ('json',), ())
    >>> _formats("")[:2], _formats("application/json, */*;q=0.1")[:2]
    (('text', 'json'), ('json', 'text'))
    """
    found = _judged([each for each in _ranges(accept or "*/*") if _can_be_met(each.parameters)], _ranges_over(MEDIA))
    return _allowed(found, sorted(found, key=found.__getitem__, reverse=True), ("json",))


@lru_cache(256)
def _acceptable(accept: str, offered: tuple[str, ...]) -> bool:
    """
    >>> json, page = ("application/json", "text/csv"), ("text/html; charset=utf-8",)
    >>> _acceptable("application/json;q=0", json), _acceptable("text/*, application/json;q=0", json)
    (False, True)
    >>> _acceptable("image/png", page), _acceptable("text/*;q=0, text/html", page), _acceptable("*/*;q=0", page)
    (True, True, False)
    """
    kinds = _ranges_over({media: media for media in offered})
    found = _judged([each for each in _ranges(accept) if _can_be_met(each.parameters)], kinds)
    return bool(_allowed(found, found, offered[:1]))


def _ranges_over(media: Mapping[Offer, str]) -> dict[str, tuple[Offer, ...]]:
    """What each media range of `Accept` stands for among these offers."""
    found: dict[str, tuple[Offer, ...]] = {}
    for offer, written in media.items():
        kind = written.partition(";")[0]
        for name in (kind, f"{kind.partition('/')[0]}/*"):
            found[name] = (*found.get(name, ()), offer)
    return {**found, "*/*": tuple(media)}


@lru_cache(256)
def _language(accept: str, every: tuple[Language, ...]) -> Language:
    """
    >>> _language("vi-VN;q=0.2, en;q=0.8", WORDS), _language("vi-VN, en", WORDS)
    ('en', 'vi')
    >>> _language("*;q=0.5, en;q=0", WORDS), _language("fr", WORDS), _language("fr", NAMES)
    ('vi', 'en', 'vi')
    """
    known: dict[str, tuple[Language, ...]] = {"en": ("en",), "vi": ("vi",), "*": every}
    found = _judged([each._replace(name=re.split("[-_]", each.name)[0]) for each in _ranges(accept)], known)
    allowed = _allowed(found, sorted(found, key=found.__getitem__, reverse=True), every)
    return next(iter(allowed), every[0])


@lru_cache(256)
def _codings(accept: str) -> tuple[Coding, ...]:
    """Of equally welcome ones our own order counts: browsers name them in none.

    >>> _codings("gzip, deflate, br, zstd"), _codings("gzip, zstd;q=0.5"), _codings("br")
    (('zstd', 'gzip', 'identity'), ('gzip', 'zstd', 'identity'), ('identity',))
    """
    found = _judged([each for each in _ranges(accept) if not each.parameters], CODINGS)
    return _allowed(found, sorted(found, key=lambda name: found[name].weight, reverse=True), ("identity",))


def _allowed(found: Mapping[Offer, Preference], ranked: Iterable[Offer], unnamed: Iterable[Offer]) -> tuple[Offer, ...]:
    """What is not refused, and behind it what may be sent although the header does not speak of it."""
    welcome = (offer for offer in ranked if found[offer].weight > 0)
    return (*welcome, *(offer for offer in unnamed if offer not in found))


def _judged(ranges: Iterable[PreferenceRange], names: Mapping[str, Sequence[Offer]]) -> dict[Offer, Preference]:
    """How welcome each offer is that is spoken of, in our own order: the last of `names` stands for all of them.

    The closest range counts, of equally close ones the heaviest, of those the first.
    """
    best: dict[Offer, tuple[tuple[int, int], float, int]] = {}
    for place, each in enumerate(ranges):
        closeness = (-each.name.count("*"), len(each.parameters))
        for offer in names.get(each.name, ()):
            found = closeness, each.weight, -place
            best[offer] = max(best.get(offer, found), found)
    *_, every = names.values()
    return {offer: Preference(best[offer][1], best[offer][0], best[offer][2]) for offer in every if offer in best}


def _ranges(header: str) -> list[PreferenceRange]:
    """The elements of a header, each name with its parameters once: the first counts."""
    found: dict[tuple[str, frozenset[tuple[str, str]]], PreferenceRange] = {}
    for element in ELEMENT.findall(header.lower()):
        name, *rest = [part.strip() for part in PART.findall(element)] or [""]
        parameters = dict(map(_parameter, reversed(rest)))  # of one given twice the first
        weight = parameters.pop("q", "1")
        if WEIGHT.fullmatch(weight):
            found.setdefault((name, frozenset(parameters.items())), PreferenceRange(name, parameters, float(weight)))
    return list(found.values())


def _parameter(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name.strip(), value.strip().strip('"')


def _can_be_met(parameters: Mapping[str, str]) -> bool:
    return all(value in CONSTANT.get(name, (value,)) for name, value in parameters.items())
