"""Letter templates: the Word files that an office makes its letters from; they hold for the units below as well."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from app.answers.letter_templates import LetterTemplateOut
from app.domain.instant import to_datetime
from app.errors import AppError, NotFound, RefusalCode
from app.services import rights
from app.services.rights import Caller
from app.services.stated import replace_stated
from app.store.letter_templates import (
    LETTER_TEMPLATE,
    LETTER_TEMPLATES,
    Key,
    StatedTemplate,
    add_file,
    get_file,
    nearest_templates,
)
from app.store.stated import StandingRecord, list_standing, load_standing
from app.store.unit_tree import ancestors
from app.store.unit_versions import UnitMoment
from app.store.units import get_unit_row

UNKNOWN = RefusalCode(
    "letter_template_unknown",
    "Neither {unit} nor a unit above it has stated a template of the letter `{kind}`; only the letters that "
    "ship are made without one.",
    "Đơn vị {unit} và các đơn vị cấp trên chưa có mẫu Word của văn bản `{kind}`; chỉ các văn bản có sẵn "
    "mới lập được khi chưa có mẫu riêng.",
    NotFound,
)


def upsert_template(session: Session, caller: Caller, key: Key, file: bytes) -> tuple[LetterTemplateOut, bool]:
    """The template as it stands now, and whether the unit had none of its own.

    Raises NotFound for a unit that nobody knows, Forbidden `unit_forbidden` outside the caller's subtree.
    """
    before = _own(session, caller, key)
    stated = StatedTemplate(*key, add_file(session, file), len(file))
    replace_stated(session, LETTER_TEMPLATES, before, {key: stated}, _in_trace)
    return _described(load_standing(session, LETTER_TEMPLATES, [key])[key], key[0]), not before


def withdraw_template(session: Session, caller: Caller, key: Key) -> LetterTemplateOut:
    """The unit's own template, which stands no more. Raises as `upsert_template`, and NotFound where it had none."""
    before = _own(session, caller, key)
    if key not in before:
        raise _unknown(key)
    replace_stated(session, LETTER_TEMPLATES, before, {key: None}, _in_trace)
    return _described(before[key], key[0])


def _own(session: Session, caller: Caller, key: Key) -> dict[tuple[object, ...], StandingRecord[StatedTemplate]]:
    """What the unit itself has stated, where the caller may write it."""
    require_place(session, caller, key)
    return load_standing(session, LETTER_TEMPLATES, [key])


def require_place(session: Session, caller: Caller, key: Key) -> None:
    """NotFound for a unit that nobody knows, Forbidden `unit_forbidden` outside the caller's subtree."""
    get_unit_row(session, key[0])
    rights.require_writable(session, caller, key[0])


def get(session: Session, caller: Caller, key: Key, as_of: int | None) -> LetterTemplateOut:
    """The template that held for the unit then: its own, else that of the nearest unit above that had one.

    Raises NotFound where there was none, or the caller may not see the unit.
    """
    unit, kind = key
    rights.require_readable(session, caller, unit)
    moment = UnitMoment(as_of)
    get_unit_row(session, unit, moment)
    found = nearest_templates(session, [unit, *ancestors(session, unit, moment)], as_of, kind)
    if kind not in found:
        raise _unknown(key)
    return _described(found[kind], unit)


def read_file(session: Session, template: LetterTemplateOut) -> bytes:
    """The file of a template."""
    return get_file(session, template["sha256"])


def list_templates(
    session: Session, caller: Caller, as_of: int | None, *, after: Sequence[str] | None, limit: int | None
) -> Iterator[LetterTemplateOut]:
    """At most `limit` (None: all) templates behind the key `after`, each with the unit that stated it.

    Kept to the caller's subtree.
    """
    within = rights.subtree_of(session, caller)
    where = [] if within is None else [within.holds(LETTER_TEMPLATE.unit)]
    found = list_standing(session, LETTER_TEMPLATES, as_of, *where, after=after, limit=limit)
    return (_described(each, each.record.unit) for each in found)


def _in_trace(stated: StatedTemplate) -> dict[str, object]:
    return {"sha256": stated.sha256, "size": stated.size}


def _unknown(key: Key) -> AppError:
    unit, kind = key
    return UNKNOWN.error(unit=unit, kind=kind)


def _described(standing: StandingRecord[StatedTemplate], unit: str) -> LetterTemplateOut:
    stated = standing.record
    return {
        "unit": unit,
        "kind": stated.kind,
        "sha256": stated.sha256,
        "size": stated.size,
        "known_at": to_datetime(standing.known_at),
        "inherited_from": None if stated.unit == unit else stated.unit,
    }
