"""Import profiles: stated by an office once, confirmed before a file is read by them."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal

from sqlalchemy.orm import Session

from app.answers.import_profiles import ImportProfileEntry, ImportProfileOut
from app.answers.imports import ProfileUsed
from app.domain.input_location import InputLocation
from app.domain.intake.headers import COLUMN_DUPLICATE
from app.domain.intake.import_row import FIELD_MISSING, INDICATOR_UNKNOWN
from app.domain.intake.layouts import COUNTS_UNEXPECTED, FIGURES
from app.domain.intake.profiles import RATES, ImportProfile, ProfileColumn
from app.domain.intake.row_figures import IndicatorKind
from app.domain.period import read_or_fault
from app.domain.suggest import Suggester
from app.domain.words import Words, folded_words
from app.errors import ErrorCode, Fault, Faults, Invalid, NotFound, RefusalCode, Text
from app.services.imports.row_checks import SOURCE_UNKNOWN, known_sources
from app.services.rights import Caller, outside_faults, refuse_foreign, require_whole, require_writable
from app.services.stated import replace_stated, unit_faults
from app.services.unit_names import named_at
from app.store.frameworks import indicator_kinds
from app.store.import_profiles import IMPORT_PROFILE, IMPORT_PROFILES, StatedImportProfile
from app.store.stated import find_standing, list_standing, load_standing
from app.store.units import get_unit_row, lives

UNKNOWN = RefusalCode(
    "import_profile_unknown",
    "There is no import profile {name}; GET /v1/import-profiles lists them.",
    "Không có mẫu nhập {name}; xem danh sách tại GET /v1/import-profiles.",
    NotFound,
)
MISUSED = RefusalCode(
    "import_profile_invalid",
    "{count} thing(s) in the import profile must be mended; each is named in `errors`.",
    "Mẫu nhập có {count} chỗ cần sửa; từng chỗ được nêu trong `errors`.",
    Invalid,
)

WORD_TWICE = ErrorCode(
    "profile_word_repeated",
    "`{text}` stands twice in `{list}`, whatever its case, or written without accents; keep one of them.",
    "`{text}` có hai lần trong `{list}`, không kể chữ hoa hoặc cách viết không dấu; hãy giữ lại một.",
)
SCALE_UNFIT = ErrorCode(
    "scale_not_expected",
    "`{scale}` is how a rate is printed, and this column holds none: choose `one`, `thousand`, `million` or `billion`.",
    "`{scale}` là cách ghi tỷ lệ, cột này không ghi tỷ lệ: hãy chọn `one`, `thousand`, `million` hoặc `billion`.",
)
STATED_TWICE = ErrorCode(
    "profile_field_repeated",
    "The column `{heading}` says the {name} of each row, so none can be stated here; leave one of the two out.",
    "Cột `{heading}` đã ghi {name} của từng dòng nên không thể khai báo thêm ở đây; hãy bỏ một trong hai.",
)
OF_COLUMNS: tuple[Literal["indicator", "period"], ...] = ("indicator", "period")
OF_SHEETS: tuple[Literal["unit", "period"], ...] = ("unit", "period")
FIELD_NAMES = {
    "unit": Text("unit", "đơn vị"),
    "period": Text("period", "kỳ"),
    "indicator": Text("indicator", "chỉ số"),
}
NO_UNIT = ErrorCode(
    "profile_unit_missing",
    "No column holds the unit: give one of them the field `unit`, or name the unit of each sheet in `sheets`.",
    "Không có cột nào ghi đơn vị: hãy chọn một cột có `field` là `unit`, hoặc ghi đơn vị của từng trang ở `sheets`.",
)
NO_FIGURE = ErrorCode(
    "column_missing",
    "No column holds a figure: give one of them the field `value`, `numerator` or `denominator`.",
    "Không có cột nào chứa số liệu: hãy chọn cột có `field` là `value`, `numerator` hoặc `denominator`.",
)


def upsert_profile(
    session: Session,
    caller: Caller,
    name: str,
    document: ImportProfile,
    unit: str | None,
    sources: Collection[str],
) -> tuple[ImportProfileOut, bool]:
    """The profile from now on, and whether it is new. Without a `unit` one that stands stays whose it is.

    `sources` are those allowed besides the ones that frameworks name.

    Raises Invalid for an indicator or a source that nobody knows, Forbidden where the profile is not the caller's to
    change, or names units outside of its subtree.
    """
    before = load_standing(session, IMPORT_PROFILES, [(name,)])
    if before:
        _require_own(session, caller, before[name,].record.unit)
    if unit is not None:
        with named_at("/unit", unit):
            get_unit_row(session, unit)
    unit = unit or (before[name,].record.unit if before else caller.unit)
    named = [*_units_of(document), *([(InputLocation(), unit)] if unit else [])]
    refuse_foreign(outside_faults(session, caller, ((place, "unit", code) for place, code in named)))
    faults = Faults(profile_faults(session, document, indicator_kinds(session)))
    faults.extend(_source_faults(session, document, sources))
    if faults:
        raise MISUSED.error(faults=faults, count=faults.count)
    stated = StatedImportProfile(name, unit, document)
    replace_stated(session, IMPORT_PROFILES, before, {(name,): stated}, _in_trace)
    return described(stated), not before


def withdraw_profile(session: Session, caller: Caller, name: str) -> ImportProfileOut:
    """The profile that stood and stands no more. Raises NotFound where none did, Forbidden as `upsert_profile`."""
    before = load_standing(session, IMPORT_PROFILES, [(name,)])
    if not before:
        raise UNKNOWN.error(name=name)
    stated = before[name,].record
    _require_own(session, caller, stated.unit)
    replace_stated(session, IMPORT_PROFILES, before, {(name,): None}, _in_trace)
    return described(stated)


def get_profile(session: Session, name: str, as_of: int | None = None) -> ImportProfileOut:
    """What stood then. Raises NotFound where nothing did."""
    found = find_standing(session, IMPORT_PROFILES, as_of, IMPORT_PROFILE.name == name)
    if found is None:
        raise UNKNOWN.error(name=name)
    return described(found.record)


def list_profiles(
    session: Session, as_of: int | None, *, after: Sequence[str] | None, limit: int | None
) -> Iterator[ImportProfileEntry]:
    """At most `limit` (None: all) profiles by name behind `after`."""
    found = list_standing(session, IMPORT_PROFILES, as_of, after=after, limit=limit)
    for name, unit, document in (each.record for each in found):
        yield {"name": name, "title": document["title"], "unit": unit}


def described(stated: StatedImportProfile) -> ImportProfileOut:
    return {"name": stated.name, "unit": stated.unit, **stated.document}


def used(profile: ImportProfileOut) -> ProfileUsed:
    """Which profile a file was read by, and what it said."""
    said = {name: value for name, value in profile.items() if name not in ("name", "unit")}
    return {"name": profile["name"], "digest": hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()}


def _require_own(session: Session, caller: Caller, unit: str | None) -> None:
    if unit is None:
        require_whole(caller)
    else:
        require_writable(session, caller, unit)


def profile_faults(session: Session, document: ImportProfile, kinds: Mapping[str, IndicatorKind]) -> Iterator[Fault]:
    """What no file could be read by: `indicator_unknown`, `unit_unknown`, and what the functions below find."""
    near = Suggester(kinds)
    named = [(f"/columns/{place}", each["indicator"]) for place, each in enumerate(document["columns"])]
    named += [(f"/indicators/{place}", each["indicator"]) for place, each in enumerate(document["indicators"])]
    for pointer, code in [*named, ("", document["indicator"])]:
        if code is not None and code not in kinds:
            place = InputLocation(pointer)
            yield place.fault(INDICATOR_UNKNOWN, "indicator", {"code": code}, value=code, suggestion=near(code))
    placed = [(place, code, None) for place, code in _units_of(document)]
    yield from unit_faults(session, placed, lives(session, {code for _, code, _ in placed}))
    yield from _repeated_words(document)
    yield from _repeated_fields(document)
    yield from _column_faults(document, kinds)
    yield from _period_faults(document)


def _units_of(document: ImportProfile) -> list[tuple[InputLocation, str]]:
    """The units that words and sheets stand for, with their places."""
    named = [(f"/units/{place}", each["unit"]) for place, each in enumerate(document["units"])]
    named += [(f"/sheets/{place}", each["unit"]) for place, each in enumerate(document["sheets"])]
    return [(InputLocation(pointer), code) for pointer, code in named if code is not None]


def _repeated_words(document: ImportProfile) -> Iterator[Fault]:
    """`profile_word_repeated`: what a file says would mean two things."""
    lists: dict[str, tuple[str, list[str]]] = {
        "columns": ("heading", [each["heading"] for each in document["columns"]]),
        "units": ("text", [each["text"] for each in document["units"]]),
        "indicators": ("text", [each["text"] for each in document["indicators"]]),
        "sheets": ("sheet", [each["sheet"] for each in document["sheets"]]),
    }
    for name, (field, texts) in lists.items():
        seen = Words[int]()
        for place, text in enumerate(texts):
            if seen.meanings(text):
                yield InputLocation(f"/{name}/{place}").fault(WORD_TWICE, field, {"text": text[:60], "list": name})
            seen.add(folded_words(text), text, place)


def _repeated_fields(document: ImportProfile) -> Iterator[Fault]:
    """`profile_field_repeated`: a column or a sheet states what each row says in a column of its own."""
    headings: dict[str, str] = {each["field"]: each["heading"] for each in document["columns"]}
    stated: list[tuple[str, str, str | None]] = [
        (f"/columns/{n}", name, each[name]) for n, each in enumerate(document["columns"]) for name in OF_COLUMNS
    ]
    stated += [(f"/sheets/{n}", name, each[name]) for n, each in enumerate(document["sheets"]) for name in OF_SHEETS]
    for pointer, name, said in stated:
        if said is not None and name in headings:
            context = {"heading": headings[name][:60], "name": FIELD_NAMES[name]}
            yield InputLocation(pointer).fault(STATED_TWICE, name, context, value=said)


def _column_faults(document: ImportProfile, kinds: Mapping[str, IndicatorKind]) -> Iterator[Fault]:
    """`column_missing`, `profile_unit_missing`, `column_duplicate`, and what `_figure_faults` finds."""
    fields = {each["field"] for each in document["columns"]}
    if fields.isdisjoint(FIGURES):
        yield Fault(NO_FIGURE, pointer="/columns")
    sheets = document["sheets"]
    if "unit" not in fields and not (sheets and all(each["unit"] for each in sheets)):
        yield Fault(NO_UNIT, pointer="/columns")
    meant: dict[object, str] = {}
    for number, each in enumerate(document["columns"]):
        if each["field"] == "ignored":
            continue
        code, is_figure = each["indicator"] or document["indicator"], each["field"] in FIGURES
        meaning = (each["field"], code, each["period"]) if is_figure else each["field"]
        place = InputLocation(f"/columns/{number}")
        if (other := meant.setdefault(meaning, each["heading"])) != each["heading"]:
            yield place.fault(COLUMN_DUPLICATE, "heading", {"name": each["heading"], "other": other})
        if is_figure and code is None and "indicator" not in fields:
            yield place.fault(FIELD_MISSING, "indicator", {"name": "indicator"})
        yield from _figure_faults(place, each, kinds.get(code or "", "ratio"), code)


def _figure_faults(
    place: InputLocation, column: ProfileColumn, kind: IndicatorKind, code: str | None
) -> Iterator[Fault]:
    """`counts_not_expected` and `scale_not_expected`: what the figure of such an indicator cannot be."""
    if column["field"] in ("numerator", "denominator") and kind != "ratio":
        yield place.fault(COUNTS_UNEXPECTED, "field", {"indicator": code, "kind": kind})
    if column["scale"] in RATES and (column["field"] != "value" or kind != "ratio"):
        yield place.fault(SCALE_UNFIT, "scale", {"scale": column["scale"]})


def _period_faults(document: ImportProfile) -> Iterator[Fault]:
    """`period_invalid`: each file would be refused for it, at a row that says nothing of a period."""
    stated = [("", document["period"])]
    stated += [(f"/columns/{place}", each["period"]) for place, each in enumerate(document["columns"])]
    stated += [(f"/sheets/{place}", each["period"]) for place, each in enumerate(document["sheets"])]
    for pointer, code in stated:
        if code is not None and isinstance(found := read_or_fault(code), Fault):
            yield InputLocation(pointer).at("period", found)


def _source_faults(session: Session, document: ImportProfile, sources: Collection[str]) -> Iterator[Fault]:
    """`source_unknown`, as of the rows of a file."""
    source, known = document["source"], known_sources(session) | {*sources, "manual"}
    if source is not None and source not in known:
        context = {"source": source[:60], "known": ", ".join(sorted(known))}
        near = Suggester(known)(source)
        yield InputLocation().fault(SOURCE_UNKNOWN, "source", context, value=source, suggestion=near)


def _in_trace(stated: StatedImportProfile) -> object:
    return {"unit": stated.unit, **stated.document}
