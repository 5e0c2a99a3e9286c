"""Below target: whether a figure misses its target, by how much, and how a letter lists those who do.

Tuyên Quang's letter of January 2024, note 1: "11 cơ quan, đơn vị không đạt: Sở Tài nguyên và Môi trường; …; UBND các
huyện: Hàm Yên, …".
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

from app.domain.figures import SCALE
from app.domain.letter_format import printed_count
from app.domain.vocabulary import LEVELS, Level

KINDS = ("huyện", "quận", "thị xã", "thành phố", "xã", "phường", "thị trấn", "đặc khu")
COMMITTEE = re.compile(rf"UBND ({'|'.join(KINDS)}) ([^,;:]+)")
"""The people's committee of a unit by its kind; names with signs that part a list are never taken apart."""

Named = tuple[Level, str]


def exact_figure(numerator: int | None, denominator: int | None, value: int | None) -> Fraction | None:
    """A figure without rounding: the percentage of its counts where they are known, else as stated; all ×10⁴.

    None where there is no figure, and for 0/0, which has no value.

    >>> exact_figure(10_000, 30_000, 333300), exact_figure(None, None, 333300), exact_figure(0, 0, None)
    (Fraction(100, 3), Fraction(3333, 100), None)
    """
    if numerator is not None and denominator is not None:
        return Fraction(100 * numerator, denominator) if denominator else None
    return None if value is None else Fraction(value, SCALE)


def misses(gap: Fraction, direction: str) -> bool:
    """Whether a figure with this gap (figure − target) misses its target: above it where less is better, else below.

    >>> misses(Fraction(-1, 3), "up"), misses(Fraction(-1, 3), "down"), misses(Fraction(0), "up")
    (True, False, False)
    """
    return gap > 0 if direction == "down" else gap < 0


def rounded(figure: Fraction, decimals: int) -> Decimal:
    """Half up to so many decimals; so the rounded gap is the rounded figure less the target.

    >>> rounded(Fraction(-1, 3), 2), rounded(Fraction(-5, 1000), 2), rounded(Fraction(5, 1000), 2)
    (Decimal('-0.33'), Decimal('0.00'), Decimal('0.01'))
    """
    return Decimal(floor(figure * 10**decimals + Fraction(1, 2))).scaleb(-decimals)


def sentence(units: Sequence[Named]) -> str:
    """The units that miss a target, as a letter prints them: level after level, within one in the order given.

    >>> sentence([("district", "UBND huyện Na Hang"), ("department", "Sở Tư pháp"), ("district", "UBND huyện Yên Sơn")])
    '03 cơ quan, đơn vị không đạt: Sở Tư pháp; UBND các huyện: Na Hang, Yên Sơn.'
    >>> sentence([])
    'Không có cơ quan, đơn vị không đạt.'
    """
    if not units:
        return "Không có cơ quan, đơn vị không đạt."
    listed = [part for names in _by_level(units) for part in together(names)]
    return f"{summed(len(units))}: {'; '.join(listed)}."


def summed(below: int) -> str:
    """The same without the units, for a list that stands elsewhere.

    >>> summed(3)
    '03 cơ quan, đơn vị không đạt'
    """
    return f"{printed_count(below)} cơ quan, đơn vị không đạt"


def sentence_en(units: Sequence[Named]) -> str:
    """The same in English, every name whole.

    >>> sentence_en([("district", "UBND huyện Na Hang"), ("department", "Sở Tư pháp")]), sentence_en([])
    ('2 units miss the target: Sở Tư pháp; UBND huyện Na Hang.', 'No unit misses the target.')
    """
    if not units:
        return "No unit misses the target."
    names = "; ".join(name for level in _by_level(units) for name in level)
    return f"{len(units)} unit{'s miss' if len(units) > 1 else ' misses'} the target: {names}."


def _by_level(units: Sequence[Named]) -> list[list[str]]:
    """Names by level, from the highest down."""
    return [[name for at, name in units if at == level] for level in LEVELS]


def together(names: Sequence[str]) -> list[str]:
    """Names of one level as a list in a sentence: committees of one kind under one head, behind all other names.

    A kind with a single committee goes to the end of the list before it, as the city does in the letter; a name that
    does not say its kind, or holds a comma, stands as it is.

    >>> together(["UBND huyện Hàm Yên", "UBND thành phố Tuyên Quang", "UBND huyện Na Hang"])
    ['UBND các huyện: Hàm Yên, Na Hang, thành phố Tuyên Quang']
    >>> together(["UBND huyện Hàm Yên", "UBND thành phố Tuyên Quang"])
    ['UBND huyện Hàm Yên', 'UBND thành phố Tuyên Quang']
    """
    read = [(name, COMMITTEE.fullmatch(name)) for name in names]
    alone = [name for name, match in read if match is None]
    of_kind: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for _, match in read:
        if match is not None:
            of_kind[match[1]].append(match[2])
    lists = [f"UBND các {kind}: {', '.join(names)}" for kind, names in of_kind.items() if len(names) > 1]
    single = [f"{kind} {names[0]}" for kind, names in of_kind.items() if len(names) == 1]
    if not lists:
        return [*alone, *(f"UBND {name}" for name in single)]
    return [*alone, *lists[:-1], ", ".join([lists[-1], *single])]
