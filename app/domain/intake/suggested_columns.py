"""The columns of a table by what their headings and first figures probably mean."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.intake.found_headings import FoundHeadings
from app.domain.intake.heading_meanings import CERTAIN, CODES, UNCLEAR, HeadingMeaning, HeadingReader
from app.domain.intake.profiles import Scale
from app.domain.intake.row_figures import IndicatorKind
from app.domain.intake.title_rows import is_figure
from app.domain.vietnamese import fold
from app.domain.words import folded_words


@dataclass(frozen=True, slots=True)
class MeantColumn:
    """A column with its heading as a profile would name it, what it probably means and how its figures are printed."""

    place: int
    heading: str
    meaning: HeadingMeaning
    scale: Scale = "one"


def meant_columns(
    parts: Iterable[Sequence[str]],
    found: FoundHeadings,
    reader: HeadingReader,
    kinds: Mapping[str, IndicatorKind],
    indicator: str | None,
) -> list[MeantColumn]:
    """The columns that have a heading; of those that mean the same the first alone is understood.

    `parts` are the texts above each column, `indicator` is the one of columns that name a period alone.
    """
    columns = [
        MeantColumn(place, " ".join(filter(None, above)), reader.meaning(above)) for place, above in enumerate(parts)
    ]
    columns = [each for each in columns if each.heading]
    coded = any(each.meaning.field == "unit" and fold(each.heading) in CODES for each in columns)
    return [replace(each, scale=_scale(each, found, kinds, indicator)) for each in _once(columns, coded=coded)]


def _once(columns: Sequence[MeantColumn], *, coded: bool) -> Iterator[MeantColumn]:
    """Without what is said twice; where codes of units stand in a column, their names in another are left out."""
    headings, meanings = set[str](), set[object]()
    for each in columns:
        meaning = each.meaning
        if coded and meaning.field == "unit" and fold(each.heading) not in CODES:
            meaning = HeadingMeaning("ignored", "content", CERTAIN)
        said = (meaning.field, meaning.indicator, meaning.period)
        words = folded_words(each.heading)
        if meaning.field is not None and (words in headings or (meaning.field != "ignored" and said in meanings)):
            meaning = replace(UNCLEAR, reason="repeated", alternatives=meaning.alternatives)
        headings.add(words)
        meanings.add(said)
        yield replace(each, meaning=meaning)


def _scale(
    column: MeantColumn, found: FoundHeadings, kinds: Mapping[str, IndicatorKind], indicator: str | None
) -> Scale:
    """`fraction` where the first rates are all parts of 1 and have no percent sign."""
    meaning = column.meaning
    if meaning.field != "value" or kinds.get(meaning.indicator or indicator or "") != "ratio":
        return "one"
    cells = [cells[column.place] for _, cells in found.below if column.place < len(cells)]
    rates = [cell.replace(",", ".") for cell in cells if is_figure(cell)]
    parts = [rate for rate in rates if rate in ("0", "1") or (rate.startswith("0.") and rate[2:].isdigit())]
    return "fraction" if len(parts) == len(rates) and any("." in part for part in parts) else "one"
