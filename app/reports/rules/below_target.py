"""Below target: whether a figure misses its target, by how much, and how a letter lists those who do.

Tuyên Quang's letter of January 2024, note 1: "11 cơ quan, đơn vị không đạt: Sở Tài nguyên và Môi trường; …; UBND các
huyện: Hàm Yên, …".
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

from app.domain.figures import SCALE
from app.domain.letter_format import printed_count
from app.domain.unit_names import ListedUnit, grouped_names
from app.domain.vocabulary import LEVELS, Level

Named = tuple[Level, ListedUnit]


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

    >>> sentence([("district", ListedUnit("UBND huyện Na Hang")), ("department", ListedUnit("Sở Tư pháp")),
    ...     ("district", ListedUnit("UBND huyện Yên Sơn"))])
    '03 cơ quan, đơn vị không đạt: Sở Tư pháp; UBND huyện Na Hang và Yên Sơn.'
    >>> sentence([])
    'Không có cơ quan, đơn vị không đạt.'
    """
    if not units:
        return "Không có cơ quan, đơn vị không đạt."
    listed = [grouped_names(level) for level in _by_level(units) if level]
    return f"{summed(len(units))}: {'; '.join(listed)}."


def summed(below: int) -> str:
    """The same without the units, for a list that stands elsewhere.

    >>> summed(3)
    '03 cơ quan, đơn vị không đạt'
    """
    return f"{printed_count(below)} cơ quan, đơn vị không đạt"


def sentence_en(units: Sequence[Named]) -> str:
    """The same in English, every name by itself.

    >>> sentence_en([("district", ListedUnit("UBND huyện Na Hang")), ("department", ListedUnit("Sở Tư pháp"))])
    '2 units miss the target: Sở Tư pháp; UBND huyện Na Hang.'
    >>> sentence_en([])
    'No unit misses the target.'
    """
    if not units:
        return "No unit misses the target."
    names = "; ".join(unit.name for level in _by_level(units) for unit in level)
    return f"{len(units)} unit{'s miss' if len(units) > 1 else ' misses'} the target: {names}."


def _by_level(units: Sequence[Named]) -> list[list[ListedUnit]]:
    """The units by level, from the highest down."""
    return [[unit for at, unit in units if at == level] for level in LEVELS]
