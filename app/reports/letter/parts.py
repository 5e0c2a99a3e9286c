"""What a letter is put together from; numbers and references come when all parts are known."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from app.answers.report_letter import LetterSource, ParagraphKind
from app.domain.checks.stored.finding import Finding
from app.domain.figures import print_figure
from app.domain.letter_format import printed_day
from app.domain.vietnamese_labels import FLAGS
from app.formats.delimited import Column
from app.formats.tables import NUMBER, Table
from app.reports.data import ReportData
from app.reports.letter.sentences import looked_up
from app.reports.report import Line
from app.services.scored_cohorts import CohortUnit

CODE, ABOVE = "code", Column("above", "Đơn vị cấp trên")
"""The column of a table that says which unit a row is about, and the one that says below which other it stands."""
MARKS: dict[ParagraphKind, str] = {"text": "", "heading": "", "item": "- ", "subitem": "+ "}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; a `heading` is numbered within its section, items stand behind a dash or a plus.

    `about`: what notes may be about that it says, an indicator by its code or one of the words of `Note`.
    """

    text: str
    source: LetterSource
    kind: ParagraphKind = "text"
    about: tuple[str, ...] = ()


class Head(NamedTuple):
    """What stands above a column on paper, under what it shares with those beside it."""

    above: str
    title: str


NO_HEADS: Mapping[str, Head] = {}


@dataclass(frozen=True, slots=True)
class Appendix:
    """A table behind the letter, its cells as they are printed; its codes stand in columns that are for CSV alone.

    `heads`: how columns are headed on paper, by their key. `bold`: the places of rows that others belong to.
    """

    title: str
    source: LetterSource
    columns: Sequence[Column]
    rows: Sequence[dict[str, str]]
    heads: Mapping[str, Head]
    bold: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section, and the appendices that it refers to."""

    title: str
    source: LetterSource
    paragraphs: Sequence[Paragraph]
    appendices: Sequence[Appendix] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What the officer must know before the letter goes out; no part of it.

    `about`: the place of the letter that it speaks of, as a JSON pointer into its body, or as what the paragraph is
    about: an indicator, a group, `total`, or `looked_up` and `levels_looked_up`, the moments of the unit's own figures
    and of those of the units below it. None: it speaks of no place. `finding`: what it tells of the unit's figures.
    """

    code: str
    detail: str
    source: LetterSource
    about: str | None = None
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class LetterPart:
    """What one report adds to the letter: nothing where it has nothing to say."""

    sections: Sequence[Section] = ()
    notes: Sequence[Note] = ()


def items(texts: Iterable[str], source: LetterSource, kind: ParagraphKind = "item") -> list[Paragraph]:
    """A paragraph for each text, each ended as a sentence."""
    return [Paragraph(sentence(text), source, kind) for text in texts]


def flag_words(flag: str) -> str:
    """A flag of the boards as a sentence begins.

    >>> flag_words("cohort_changed")
    'Đổi nhóm xếp hạng'
    """
    words = FLAGS.get(flag, flag)
    return words[:1].upper() + words[1:]


def sentence(text: str) -> str:
    """
    >>> sentence("Có 02/17 cơ quan xếp loại Tốt"), sentence("Trong đó:"), sentence("91,3%.")
    ('Có 02/17 cơ quan xếp loại Tốt.', 'Trong đó:', '91,3%.')
    """
    return text if text.endswith((".", ":", ";", "!", "?")) else f"{text}."


def appendix(
    data: ReportData,
    title: str,
    source: LetterSource,
    table: Table,
    keys: Sequence[str],
    heads: Mapping[str, Head] = NO_HEADS,
) -> Appendix:
    """Some columns of a report's table, behind them its codes for programs; columns without any text are left out.

    Where the units of the table stand below several others, each row says which: names are no keys. `stt` among the
    keys: the rows are numbered.
    """
    units = {unit.code: unit for unit in data.units()}
    codes = [each for each in table.columns if each.key == CODE or each.csv_only]
    chosen = {each.key: each for each in (NUMBER, *table.columns) if each not in codes}
    columns = [chosen[key] for key in keys]
    rows = [{NUMBER.key: n, **_called(row, units, data.office)} for n, row in enumerate(table.rows, start=1)]
    if above := _above(units, table):
        columns.insert(keys.index("name") + 1, ABOVE)
        rows = [{**row, ABOVE.key: above[row[CODE]]} for row in rows]
    columns = [*columns, *(replace(each, csv_only=True) for each in codes)]
    cells = {public_key(each): printed_column([row[each.key] for row in rows], each) for each in columns}
    shown = [each for each in columns if any(cells[public_key(each)])]
    named = [Column(public_key(each), each.title, csv_only=each.csv_only) for each in shown]
    printed = [{each.key: cells[each.key][place] for each in named} for place in range(len(rows))]
    public_heads = {key.replace(" ", "_"): head for key, head in heads.items()}
    return Appendix(title, source, named, printed, public_heads, table.bold)


def _called(row: Line, units: Mapping[str, CohortUnit], office: str | None) -> Line:
    """A row under the name by which a letter calls its unit."""
    unit = units.get(str(row.get(CODE)))
    return row if unit is None or "name" not in row else {**row, "name": unit.called_in(office)}


def _above(units: Mapping[str, CohortUnit], table: Table) -> dict[object, str]:
    """The name of the unit above each of the table's, where they do not all stand below the same."""
    if all(column.key != CODE for column in table.columns):
        return {}
    parents = {row[CODE]: units[str(row[CODE])].parent for row in table.rows}
    if len(set(parents.values())) < 2:
        return {}
    return {code: units[parent].name if parent and parent in units else "" for code, parent in parents.items()}


def public_key(column: Column) -> str:
    """A column's key as programs read it; a member `indicator` would be its code everywhere else, and so it is here.

    >>> [public_key(Column(key, "")) for key in ("group online", "indicator", "code")]
    ['group_online', 'indicator_name', 'unit_code']
    >>> public_key(Column("indicator", "", csv_only=True))
    'indicator'
    """
    if column.key == "indicator" and not column.csv_only:
        return "indicator_name"
    return "unit_code" if column.key == CODE else column.key.replace(" ", "_")


def printed_column(values: Sequence[object], column: Column) -> list[str]:
    """The values of a column as letters print them, figures of one kind with as many decimals as the most exact has.

    >>> printed_column([Decimal("99.3"), Decimal(100), None], Column("rate", ""))
    ['99,3', '100,0', '']
    """
    places = [-_exponent(value) for value in values if isinstance(value, Decimal)]
    if column.mixed or not places or max(places) < 1:
        return [printed_cell(value, column) for value in values]
    step = Decimal(1).scaleb(-max(places))
    return [printed_cell(value.quantize(step) if isinstance(value, Decimal) else value, column) for value in values]


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def printed_cell(value: object, column: Column) -> str:
    """A value of a table as letters print it.

    >>> printed_cell(Decimal("1746"), Column("count", "")), printed_cell(Decimal("0.9"), Column("gap", "", signed=True))
    ('1.746', '+0,9')
    """
    if isinstance(value, int | Decimal):
        return print_figure(Decimal(value), sign=column.signed)
    if isinstance(value, datetime):
        return looked_up(value)
    if isinstance(value, date):
        return printed_day(value)
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")
