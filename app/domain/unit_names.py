"""What a unit's name says: of which kind it is, how short it may be, and how lists of units and kinds read.

Source: docs/domain.md, Units; the lists of Tuyên Quang's letter of January 2024.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, get_args

from app.domain.vietnamese import fold

UnitKind = Literal[
    "department",
    "board",
    "inspectorate",
    "office",
    "province",
    "urban_district",
    "district",
    "town",
    "city",
    "commune",
    "ward",
    "township",
    "special_zone",
]
"""What the law calls a unit, in the order in which letters list them; several stand on one level."""
KINDS: tuple[UnitKind, ...] = get_args(UnitKind)

KIND_NAMES: dict[UnitKind, str] = {
    "department": "sở",
    "board": "ban",
    "inspectorate": "thanh tra",
    "office": "văn phòng",
    "province": "tỉnh",
    "urban_district": "quận",
    "district": "huyện",
    "town": "thị xã",
    "city": "thành phố",
    "commune": "xã",
    "ward": "phường",
    "township": "thị trấn",
    "special_zone": "đặc khu",
}
OFFICES: tuple[UnitKind, ...] = ("department", "board", "inspectorate", "office")
"""Kinds of a province's own offices; the others are places, each with a people's committee."""
WRITTEN: dict[str, UnitKind] = {**{vi: kind for kind, vi in KIND_NAMES.items()}, "tp": "city", "tp.": "city"}
"""How names begin, in small letters, by the kind that this says. With their accents: "Bản" is no "Ban"."""
COMMITTEES = ("ubnd", "ủy ban nhân dân", "uỷ ban nhân dân")
LONGEST_BEGINNING = 4
"""Words of the longest of these beginnings."""
PARTING = re.compile("[,;:]")
"""Signs that part a list: a name that holds one stands alone."""


class NameParts(NamedTuple):
    """A name as it is written: `UBND` or the like, the kind and the word for it, and what the unit itself is called."""

    committee: str
    kind: UnitKind | None
    word: str
    own: str


class ListedUnit(NamedTuple):
    """A unit in a list; `kind` as it was stated, `tail` what is said of it, as `27 hồ sơ`."""

    name: str
    kind: UnitKind | None = None
    tail: str = ""


def parts_of(name: str) -> NameParts:
    """A name taken apart. A kind of place counts in front of a name alone: a "Tỉnh đoàn" is no province.

    >>> parts_of("UBND huyện Hàm Yên")
    NameParts(committee='UBND', kind='district', word='huyện', own='Hàm Yên')
    >>> parts_of("Tỉnh đoàn Cà Mau")
    NameParts(committee='', kind=None, word='', own='Tỉnh đoàn Cà Mau')
    """
    words = name.split()
    committee, rest = _beginning(words, COMMITTEES)
    word, own = _beginning(rest, WRITTEN)
    kind = WRITTEN.get(word.casefold())
    is_place = kind is not None and kind not in OFFICES
    if kind is None or (committee and not is_place) or (is_place and not committee and own[0][0].islower()):
        return NameParts(committee, None, "", " ".join(rest)) if committee else NameParts("", None, "", name)
    return NameParts(committee, kind, word, " ".join(own))


def _beginning(words: Sequence[str], known: Iterable[str]) -> tuple[str, Sequence[str]]:
    """The longest known beginning of a name, and the words behind it; something must stand there."""
    for count in range(min(LONGEST_BEGINNING, len(words) - 1), 0, -1):
        begins = " ".join(words[:count])
        if begins.casefold() in known:
            return begins, words[count:]
    return "", words


def kind_of(name: str, stated: UnitKind | None = None) -> UnitKind | None:
    """Of which kind a unit is: as it was stated, else as its name says; None where neither does.

    >>> [kind_of(name) for name in ("UBND xã Bình Thành", "Phường 1", "đặc khu Phú Quốc", "TP. Huế", "Sở Tư pháp")]
    ['commune', 'ward', 'special_zone', 'city', 'department']
    >>> kind_of("Bản Liền"), kind_of("Chợ Chu", "township")
    (None, 'township')
    """
    return stated or parts_of(name).kind


@lru_cache(maxsize=8192)
def short_name_in(name: str, above: str | None, stated: str | None = None) -> str:
    """What a unit is called in the letters of a unit above it: as it was stated, else without the name of that unit.

    `above` None: in a list of the whole country, where it needs its whole name.

    >>> short_name_in("Sở Tài nguyên và Môi trường tỉnh Tuyên Quang", "UBND tỉnh Tuyên Quang")
    'Sở Tài nguyên và Môi trường'
    >>> short_name_in("Văn phòng UBND tỉnh Tuyên Quang", "UBND tỉnh Tuyên Quang")
    'Văn phòng UBND tỉnh'
    >>> short_name_in("Thanh tra tỉnh - tỉnh Gia Lai", "UBND tỉnh Gia Lai")
    'Thanh tra tỉnh'
    >>> short_name_in("UBND thành phố Tuyên Quang", "UBND tỉnh Tuyên Quang")
    'UBND thành phố Tuyên Quang'
    """
    if above is None:
        return name
    if stated:
        return stated
    place, words = parts_of(above), name.split()
    begins = words[: len(words) - len(place.own.split())]
    if place.kind is None or fold(" ".join(words[len(begins) :])) != fold(place.own):
        return name
    count = next((n for n in (1, 2) if WRITTEN.get(" ".join(begins[-n:]).casefold()) == place.kind), 0)
    bare = " ".join(begins[: len(begins) - count])
    return _shortened(name, bare, " ".join(begins)) if count and bare else name


def _shortened(name: str, bare: str, with_word: str) -> str:
    """A name without the place behind it, where it still names the unit: an office of a "tỉnh" keeps that word."""
    if bare.endswith(("-", "–", ",")):
        return bare.rstrip(" -–,")
    kind = parts_of(bare).kind
    if kind in ("department", "board"):
        return bare
    return with_word if parts_of(name).kind in OFFICES else name


def kinds_in_words(kinds: Iterable[UnitKind | None]) -> str | None:
    """What units of these kinds are called together; None where the kind of one is not known, or there is none.

    >>> kinds_in_words(["township", "commune", "commune"]), kinds_in_words(["special_zone", "commune", "ward"])
    ('xã, thị trấn', 'xã, phường, đặc khu')
    >>> kinds_in_words(["commune", None]), kinds_in_words([])
    (None, None)
    """
    found = set(kinds)
    return None if None in found or not found else ", ".join(KIND_NAMES[kind] for kind in KINDS if kind in found)


def grouped_names(units: Sequence[ListedUnit]) -> str:
    """Units as letters list them: offices by name, then places by their kind, said once.

    >>> grouped_names([ListedUnit("UBND thành phố Tuyên Quang"), ListedUnit("UBND huyện Hàm Yên"),
    ...     ListedUnit("UBND huyện Lâm Bình"), ListedUnit("Sở Giao thông Vận tải")])
    'Sở Giao thông Vận tải; UBND các huyện: Hàm Yên, Lâm Bình, thành phố Tuyên Quang'
    >>> grouped_names([ListedUnit("UBND huyện Yên Sơn"), ListedUnit("UBND huyện Lâm Bình")])
    'UBND huyện Yên Sơn và Lâm Bình'
    >>> grouped_names([ListedUnit("UBND đặc khu Vĩnh Hòa"), ListedUnit("UBND đặc khu Tân Hưng"),
    ...     ListedUnit("UBND phường Đồng Lạng")])
    'UBND phường Đồng Lạng; UBND các đặc khu: Vĩnh Hòa, Tân Hưng'
    >>> grouped_names([ListedUnit("UBND huyện Yên Sơn", tail="27 hồ sơ"), ListedUnit("UBND huyện Na Hang", tail="01")])
    'UBND các huyện: Yên Sơn 27 hồ sơ; Na Hang 01'
    """
    alone: list[str] = []
    committees: dict[str, dict[UnitKind, list[_Place]]] = {}
    for unit in units:
        parts = parts_of(unit.name)
        kind = parts.kind or unit.kind
        whole, own = f"{unit.name} {unit.tail}".rstrip(), f"{parts.own} {unit.tail}".rstrip()
        if kind is None or kind in OFFICES or PARTING.search(parts.own):
            alone.append(whole)
        else:
            committees.setdefault(parts.committee, {}).setdefault(kind, []).append(_Place(whole, own))
    between = "; " if any(unit.tail for unit in units) else ", "
    listed = (part for committee, places in committees.items() for part in _listed(committee, places, between))
    return "; ".join([*alone, *listed])


class _Place(NamedTuple):
    """A place of a list with what is said of it: by its whole name, and by its own."""

    whole: str
    own: str


def _listed(committee: str, places: Mapping[UnitKind, Sequence[_Place]], between: str) -> list[str]:
    """The places below one word for their committees, a list for each kind of which there are several.

    The only place of its kind goes to the end of the list before it, as the city does in the letter.
    """
    lists, alone = list[str](), list[str]()
    for kind in KINDS:
        names, word = [place.own for place in places.get(kind, ())], KIND_NAMES[kind]
        if len(names) > 1:
            is_pair = len(places) == 1 and len(names) == 2 and between == ", "
            lists.append(f"{word} {' và '.join(names)}" if is_pair else f"các {word}: {between.join(names)}")
        elif names and lists:
            lists[-1] = f"{lists[-1]}{between}{word} {names[0]}"
        elif names:
            alone.append(places[kind][0].whole)
    return [*alone, *(f"{committee} {each}".lstrip() for each in lists)]
