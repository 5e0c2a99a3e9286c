"""Head and foot of a letter as fields, with the periods, the rules and what is ordered."""

from collections.abc import Iterator, Sequence

from app.answers.letter_fields import FrameworkWords, IssuingUnit, OrderLine, OrderWords, PeriodWords
from app.answers.letter_texts import LetterOrder
from app.domain.frameworks.framework import Framework
from app.domain.period import Period
from app.domain.vietnamese_labels import period_words
from app.reports.fields.levels import heads
from app.reports.fields.names import UnitNames
from app.reports.letter.office_words import cited, office_of
from app.reports.letter.order_numbers import is_numbered, number_of
from app.reports.letter.own import OwnResult
from app.reports.letter.sentences import PEERS, band_words
from app.services.scored_cohorts import CohortUnit


def unit_fields(unit: CohortUnit | None, names: UnitNames, own: OwnResult | None) -> IssuingUnit | None:
    """The unit whose letter it is."""
    if unit is None:
        return None
    office = office_of(unit.name)
    peers = PEERS[unit.level] if own is None else own.peers
    return {**names.of(unit), "office": office.name, "place": office.place, "peers": peers}


def period_fields(period: Period | None) -> PeriodWords | None:
    """A period in words, the short ones and the full ones."""
    if period is None:
        return None
    words = period_words(period.code)
    first = period.starts_on
    return {
        "code": period.code,
        "words": words,
        "long": f"tháng {first.month:02} năm {first.year}" if period.type == "month" else words.replace("/", " năm "),
        "year": first.year,
        "starts_on": first,
        "ends_on": period.ends_on,
    }


def framework_fields(framework: Framework) -> FrameworkWords:
    """The rules of the period: groups with their points, classes with their limits."""
    ordered = sorted(framework.bands, key=lambda band: band.min, reverse=True)
    texts = band_words(framework)
    return {
        "id": framework.id,
        "name": framework.name.vi,
        "law": cited(framework.legal_basis[0].number) if framework.legal_basis else None,
        "max": framework.total_max,
        "groups": heads(framework),
        "bands": [
            {"code": band.code, "name": band.name.vi, "text": text} for band, text in zip(ordered, texts, strict=True)
        ],
    }


def order_fields(orders: Sequence[LetterOrder], above: str = "", depth: int = 0) -> list[OrderWords]:
    """Orders with those below them; one that stands alone, or has a mark of its own, has no number."""
    found: list[OrderWords] = []
    for place, order in enumerate(orders, start=1):
        number = number_of(above, place, depth)
        found.append(
            {
                "number": number if is_numbered(order["text"], len(orders), depth) else None,
                "text": order["text"],
                "depth": depth,
                "orders": order_fields(order["items"], number, depth + 1),
            }
        )
    return found


def order_lines(orders: Sequence[OrderWords]) -> Iterator[OrderLine]:
    """The orders one after the other."""
    for order in orders:
        yield {"number": order["number"], "text": order["text"], "depth": order["depth"]}
        yield from order_lines(order["orders"])
