"""The row that names the columns of a table: what each of them means, and what is said of names that mean nothing."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.characters import trimmed, unseen_fault
from app.domain.input_location import HeaderColumns
from app.domain.intake.import_row import FIELDS, READ_ONLY
from app.domain.intake.left_out import left_out_columns
from app.domain.look_alikes import with_right_letters
from app.domain.suggest import LONGEST, Suggester
from app.domain.vietnamese import fold
from app.domain.words import Words
from app.errors import MOST_HEADER_FAULTS, ErrorCode, Fault, Faults, Invalid, RefusalCode, Text

TITLES = {
    "unit": "Đơn vị",
    "period": "Kỳ",
    "indicator": "Chỉ số",
    "numerator": "Tử số",
    "denominator": "Mẫu số",
    "value": "Giá trị",
    "source": "Nguồn",
    "observed_at": "Thời điểm tra cứu",
    "note": "Ghi chú",
    "known_at": "Thời điểm ghi nhận",
    "import_id": "Lần nhập",
}
"""The headings of the service's own exports, so that what was fetched can be mended and sent back."""
UNIT_NAMES = ("unit", "code", "mã", "mã đơn vị", TITLES["unit"])
LONGEST_NAME = 500
"""Letters of a heading that is looked up among the names of indicators."""
COMMON = ("unit", "period", "source", "observed_at", "note")
"""The fields that all figures of a wide row share."""
PARTS = {"value": "", "numerator": ".numerator", "denominator": ".denominator"}
"""The fields of a figure, and what follows the code of its indicator where they have a column of their own."""
AS_WRITTEN = {title.casefold(): title for title in TITLES.values()}

HEADER_REFUSED = RefusalCode(
    "header_invalid",
    "The header cannot be read; {count} thing(s) must be mended.",
    "Không đọc được dòng tiêu đề; có {count} chỗ cần sửa.",
    Invalid,
)
HEADER_MISSING = ErrorCode(
    "header_missing",
    "Row {row} ({divided}) must name the columns, and `{cell}` names none. Begin the file with a header such as "
    "`{example}`, or state how it is laid out in an import profile (`profile=`).",
    "Dòng {row} ({divided}) phải ghi tên các cột, nhưng `{cell}` không phải tên cột. Hãy bắt đầu tệp bằng dòng tiêu đề "
    "như `{example}`, hoặc khai báo cách trình bày tệp trong mẫu nhập (`profile=`).",
)
DIVIDED = {
    "": Text("a cell a column", "mỗi ô một cột"),
    ",": Text("divided at commas", "tách ô bằng dấu phẩy"),
    ";": Text("divided at semicolons", "tách ô bằng dấu chấm phẩy"),
    "\t": Text("divided at tabs", "tách ô bằng dấu tab"),
    "|": Text("divided at bars", "tách ô bằng dấu gạch đứng"),
}
EXAMPLE = ("unit", "period", "indicator", "value")
COLUMN_UNKNOWN = ErrorCode(
    "column_unknown",
    "There is no column `{name}` here; known are {known}.",
    "Không có cột `{name}`; các cột được nhận: {known}.",
)
COLUMN_DUPLICATE = ErrorCode(
    "column_duplicate",
    "The column `{name}` says the same as the column `{other}`; keep one of them.",
    "Cột `{name}` trùng ý nghĩa với cột `{other}`; hãy giữ lại một cột.",
)
COLUMN_MISSING = ErrorCode(
    "column_missing",
    "The table has no column `{name}`, or it is named otherwise; add it, or name it so.",
    "Bảng không có cột `{name}`, hoặc cột mang tên khác; hãy thêm cột hoặc đổi lại tên.",
)


@dataclass(frozen=True, slots=True)
class InputTable:
    """What a file holds: its header and that row's number, and each row with its number (or what is wrong with it).

    Cells: text; numbers as int or Decimal; a Fraction for a number shown as a percentage; naive dates and datetimes;
    bool; None where empty; a Fault, with row and column, for a cell that must not be read. `letters` and `prefix`
    (`Sheet1!`) name the cells of a workbook, `delimiter` divides those of a text; else they are empty.
    """

    header: Sequence[str]
    rows: Iterable[tuple[int, Sequence[object] | Fault]] = ()
    header_row: int = 1
    letters: Sequence[str] = ()
    prefix: str = ""
    delimiter: str = ""


def long_names() -> dict[str, str]:
    """What a long header may name, by its case-folded spelling: the fields of a value and their titles."""
    fields = (*FIELDS, *READ_ONLY)
    named = {alias.casefold(): field for field in fields for alias in (field, TITLES.get(field, field))}
    return named | dict.fromkeys((alias.casefold() for alias in UNIT_NAMES), "unit")


def wide_names(kinds: Collection[str]) -> dict[str, str]:
    """What a wide header may name, by its case-folded spelling: fields win over indicators of the same name."""
    shared = {alias.casefold(): field for field in COMMON for alias in (field, TITLES[field])}
    units = dict.fromkeys((alias.casefold() for alias in UNIT_NAMES), "unit")
    return {part: part for code in kinds for part in parts_of(code).values()} | shared | units


OTHER_FIGURE = re.compile(r"[^\w\s.,:;/()'\"“”–-]|\(\W*\)")


def with_indicator_names(known: dict[str, str], header: Sequence[str], names: Words[str]) -> dict[str, str]:
    """What a wide header may name, and the indicators that it names in words; a name that several bear is none.

    Folding takes signs off: `(%)` says what rates are anyway, but `(‰)` or `(+/-)` makes another figure of it.
    """
    short = (with_right_letters(trimmed(name)) for name in header if len(name) <= LONGEST_NAME)
    said = {name for name in short if not OTHER_FIGURE.search(name.replace("(%)", ""))}
    meant = {name.casefold(): names.meanings(name) for name in said}
    return {name: codes.pop() for name, codes in meant.items() if len(codes) == 1} | known


def figure_names(known: Mapping[str, str], header: Sequence[str], names: Words[str]) -> set[str]:
    """The case-folded headings that are an indicator's code, or its name to the letter; no ordinal `TT` or `No`."""
    spelt = {with_right_letters(trimmed(name)) for name in header if len(name) <= LONGEST_NAME}
    found = {name.casefold() for name in spelt if known.get(name.casefold()) == name.casefold() or names.written(name)}
    return {name for name in found if known.get(name) not in COMMON}


def parts_of(code: str) -> dict[str, str]:
    """The names of an indicator's columns, by what they say of its figure.

    >>> parts_of("on_time")
    {'value': 'on_time', 'numerator': 'on_time.numerator', 'denominator': 'on_time.denominator'}
    """
    return {field: f"{code}{end}" for field, end in PARTS.items()}


def known_wide_names(kinds: Collection[str]) -> Text:
    """The names that a wide table or record may use, the many indicators by their number."""
    shared = ", ".join(COMMON)
    return Text(
        f"{shared}, and the codes of {len(kinds)} indicators (GET /v1/indicators lists them)",
        f"{shared} và mã của {len(kinds)} chỉ số (xem GET /v1/indicators)",
    )


class Header:
    """The columns of a table by what they mean, and the faults of its names."""

    def __init__(
        self, table: InputTable, known: Mapping[str, str], shown: Text | str, figures: Collection[str] = ()
    ) -> None:
        """`known` are meanings by case-folded names, `shown` is how they are named to people, `figures` as
        `figure_names` finds them."""
        self.table, self.known, self.shown, self.faults = table, known, shown, Faults(most=MOST_HEADER_FAULTS)
        self.folded = {fold(each): each for each in reversed(list(known))}
        self.suggest = Suggester(known)
        self.names = [with_right_letters(trimmed(name)) for name in table.header]
        self.columns: dict[str, int] = {}
        self.left_out = left_out = left_out_columns(self.names, figures)
        read = [(place, name) for place, name in enumerate(self.names) if name and place not in left_out]
        near = {name: self.near(name) for _, name in read if name.casefold() not in known}
        self._refuse_what_is_no_header(near)
        for place, name in read:
            self._take(place, name, near.get(name))

    def near(self, name: str) -> str | None:
        """The known name that was probably meant: the same without accents or signs, or with a slip."""
        same = self.folded.get(fold(name[:LONGEST]))
        found = same or self.suggest(name.casefold())
        return None if found is None else AS_WRITTEN.get(found, found)

    def _refuse_what_is_no_header(self, near: Mapping[str, str | None]) -> None:
        """Few known names, and no unit among them: a title or a row of figures, named as a whole."""
        strange = [name for name, meant in near.items() if meant is None]
        meant_names = [meant for name in self.names if name and (meant := near.get(name, name)) is not None]
        if len(strange) <= len(meant_names) or "unit" in (self.known.get(name.casefold()) for name in meant_names):
            return
        delimiter = self.table.delimiter
        context = {
            "row": self.table.header_row,
            "divided": DIVIDED[delimiter],
            "cell": strange[0][:60],
            "example": (delimiter or ",").join(EXAMPLE),
        }
        self.fault(HEADER_MISSING, "", context)
        self.refuse_faults()

    def _take(self, place: int, name: str, near: str | None) -> None:
        field = self.known.get(name.casefold())
        if field is None and (unseen := unseen_fault(name)) is not None:
            self.faults.add(replace(unseen, row=self.table.header_row, column=name[:100]))
        elif field is None:
            context = {"name": name[:60], "known": self.shown}
            self.fault(COLUMN_UNKNOWN, name, context, suggestion=near)
        elif field in self.columns:
            context = {"name": name[:60], "other": self.names[self.columns[field]][:60]}
            self.fault(COLUMN_DUPLICATE, name, context)
        else:
            self.columns[field] = place

    def fault(
        self, error_code: ErrorCode, name: str, context: Mapping[str, object], suggestion: str | None = None
    ) -> None:
        self.faults.add(
            Fault(error_code, context, row=self.table.header_row, column=name[:100] or None, suggestion=suggestion)
        )

    def demand(self, *fields: str) -> None:
        for name in fields:
            if name not in self.columns:
                self.fault(COLUMN_MISSING, name, {"name": name})

    def refuse_faults(self) -> None:
        if self.faults:
            raise HEADER_REFUSED.error(faults=self.faults, count=self.faults.count)

    def columns_of(self, cells: Mapping[str, int]) -> HeaderColumns:
        """Where faults in the cells of a figure are, by its fields."""
        headers = {field: self.names[place] for field, place in cells.items()}
        letters = {field: self.table.letters[place] for field, place in cells.items()} if self.table.letters else {}
        return HeaderColumns(headers, letters, self.table.prefix, not self.columns.keys().isdisjoint(READ_ONLY))
