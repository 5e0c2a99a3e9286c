"""Frameworks: taking documents, finding the version in force, the ones that ship."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy.orm import Session

from app.answers.frameworks import FrameworkEntry, FrameworkValid
from app.domain.frameworks.check import canonical, read_framework
from app.domain.frameworks.framework import Criterion, Framework, Indicator
from app.domain.frameworks.reported_codes import ReportedCodes
from app.domain.period import Period
from app.errors import Conflict, ErrorCode, Fault, Invalid, NotFound, RefusalCode
from app.formats.documents import read_yaml
from app.formats.strict_json import read_json
from app.store import frameworks as store
from app.store.audit import SERVICE, last_actor, record
from app.store.cache import cached
from app.store.changes import record_change
from app.store.db import Database, stamp
from app.store.frameworks import FrameworkRow

log = logging.getLogger("chiso")
SHIPPED = Path(__file__).parent.parent / "frameworks"
REPORTED_CODES = Path(__file__).parent.parent / "reported_codes.yaml"

REFUSED = RefusalCode(
    "framework_invalid",
    "{count} thing(s) must be mended before the framework can be used; each is named in `errors`.",
    "Bộ chỉ số có {count} chỗ cần sửa trước khi dùng được; từng chỗ được nêu trong `errors`.",
    Invalid,
)
USED = RefusalCode(
    "framework_used",
    "{name} has been used in an evaluation and cannot change; give the new rules another version and `valid_from`.",
    "{name} đã được dùng để đánh giá nên không sửa được; hãy đặt phiên bản và `valid_from` khác cho quy tắc mới.",
    Conflict,
)
NOT_IN_FORCE = RefusalCode(
    "framework_not_in_force",
    "No version of {code} is in force on {day}; name one, for example {example}.",
    "Không có phiên bản nào của {code} có hiệu lực ngày {day}; hãy chỉ rõ phiên bản, ví dụ {example}.",
    NotFound,
)
START_TAKEN = ErrorCode(
    "valid_from_taken",
    "{other} is valid from {start} as well, so it would be open which of the two holds; give this version another "
    "`valid_from`. Of overlapping versions the one with the later `valid_from` holds.",
    "{other} cũng có hiệu lực từ {start} nên không rõ phiên bản nào được áp dụng; hãy ghi `valid_from` khác cho phiên "
    "bản này. Khi hiệu lực chồng nhau, phiên bản có `valid_from` muộn hơn được áp dụng.",
)


@lru_cache(maxsize=1)
def reported_codes() -> ReportedCodes:
    """Under which codes sources report what is computed here as well."""
    return ReportedCodes.model_validate(read_yaml(REPORTED_CODES.read_bytes()))


@dataclass(frozen=True, slots=True)
class CheckedFramework:
    """A framework without fault, as it was sent and as it is stored, and the indicators that it was checked against."""

    framework: Framework
    sent: object
    stored: bytes
    known_indicators: Mapping[str, str]


def check_document(session: Session, document: object) -> CheckedFramework:
    """The framework that a document describes; Invalid names every fault of the document itself."""
    known = store.indicator_kinds(session)
    framework, faults = read_framework(document, known_indicators=known)
    if faults or framework is None:
        raise REFUSED.error(faults=faults, count=faults.count)
    return CheckedFramework(framework, document, canonical(framework), known)


def check_start(session: Session, framework: Framework) -> None:
    """Raise Invalid where another version begins on the same day.

    Validities may overlap, since an older version mostly has no `valid_to`: the one that begins later holds.
    """
    for row in store.list_frameworks(session, framework.code):
        if row.valid_from == framework.valid_from and row.version != framework.version:
            context = {"other": id_of(row), "start": str(row.valid_from)}
            fault = Fault(START_TAKEN, context, pointer="/valid_from", value=context["start"])
            raise REFUSED.error(faults=[fault], count=1)


def post_framework(session: Session, checked: CheckedFramework) -> bool:
    """Store a version; True where it is new or changed. The identical one is left, a used one never changes."""
    if store.indicator_kinds(session) != checked.known_indicators:  # another framework was stored meanwhile
        checked = check_document(session, checked.sent)
    check_start(session, checked.framework)
    return _take(session, checked)


def _take(session: Session, checked: CheckedFramework) -> bool:
    framework = checked.framework
    known = store.find_framework(session, framework.code, framework.version)
    row = _row(checked, known)
    if known is not None and known.digest == row.digest:
        return False
    if known is not None and known.used:
        raise USED.error(name=framework.id)
    row.known_at = stamp(session)
    before = None if known is None else {"digest": known.digest}
    store.upsert_framework(session, row)
    store.upsert_indicators(session, framework.indicators)
    record(session, "framework.posted", f"framework:{framework.id}", before=before, after={"digest": row.digest})
    record_change(session, "frameworks", "posted", f"framework:{framework.id}")
    record_change(session, "indicators", "posted", f"framework:{framework.id}")
    return True


def _row(checked: CheckedFramework, known: FrameworkRow | None) -> FrameworkRow:
    framework, body = checked.framework, checked.stored
    return FrameworkRow(
        code=framework.code,
        version=framework.version,
        valid_from=framework.valid_from,
        valid_to=framework.valid_to,
        document=body.decode(),
        digest=hashlib.sha256(body).hexdigest(),
        used=False,
        known_at=known.known_at if known else 0,
    )


@lru_cache(maxsize=64)
def _parsed(document: str) -> Framework:
    return Framework.model_validate(read_json(document.encode()))


def load(row: FrameworkRow) -> Framework:
    """The framework of a stored row; parsed once a document."""
    return _parsed(row.document)


def id_of(row: FrameworkRow) -> str:
    """The name of one version."""
    return f"{row.code}@{row.version}"


def entry(row: FrameworkRow) -> FrameworkEntry:
    """A version of a framework as lists name it."""
    name = load(row).name
    return {
        "code": row.code,
        "version": row.version,
        "id": id_of(row),
        "name": {"vi": name.vi, "en": name.en},
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "used": row.used,
        "digest": row.digest,
    }


def described(framework: Framework) -> FrameworkValid:
    """What a document would be that could be posted as it is."""
    return {
        "valid": True,
        "id": framework.id,
        "max": framework.total_max,
        "criteria": _leaves(framework.criteria),
        "indicators": len(framework.indicators),
    }


def _leaves(criteria: Sequence[Criterion]) -> int:
    """How many criteria have no criteria below them."""
    return sum(_leaves(each.criteria) if each.criteria else 1 for each in criteria)


def load_framework(session: Session, name: str, period: Period, as_of: int | None) -> Framework:
    """`code@version`, or the version of `code` in force on the period's last day; of several the last to begin.

    Of the documents known at the instant `as_of` (None: now), so that an answer as of then stays the same for ever.
    """
    return pick(versions(session, name, as_of), name, period)


def versions(session: Session, name: str, as_of: int | None) -> Sequence[FrameworkRow]:
    """The version that `code@version` names, or all of `code`, the newest first, as they stood at the instant.

    NotFound where there was none.
    """
    code, _, version = name.partition("@")
    if version:
        return [store.get_framework(session, code, version, as_of)]
    rows = store.list_frameworks(session, code, as_of)
    if not rows:
        raise store.unknown(session, code)
    return rows


def indicators_known(session: Session, as_of: int | None) -> Mapping[str, Indicator]:
    """What figures count, by code, as the last document known at the instant (None: now) describes it."""
    return cached(session, ("indicators", as_of), lambda: _indicators(session, as_of))


def indicator_names(session: Session, as_of: int | None) -> dict[str, str]:
    """The Vietnamese name of every indicator known at the instant (None: now); one query where it is now."""
    known = _indicators(session, None) if as_of is None else indicators_known(session, as_of)
    return {code: indicator.name.vi for code, indicator in known.items()}


def get_indicator(session: Session, code: str, as_of: int | None) -> Indicator:
    """The indicator as it was described at the instant; NotFound where it was unknown then."""
    found = indicators_known(session, as_of).get(code)
    if found is None:
        raise store.NO_INDICATOR.error(code=code)
    return found


def _indicators(session: Session, as_of: int | None) -> dict[str, Indicator]:
    """One that no kept document describes stood in a document that was replaced before documents were kept."""
    rows = store.list_indicators(session, after=None, limit=None)
    found = {row.code: Indicator.model_validate_json(row.document) for row in rows}
    if as_of is None:
        return found
    then: dict[str, Indicator] = {}
    for document in store.list_documents(session):
        for indicator in _parsed(document.document).indicators:
            found.pop(indicator.code, None)
            if document.known_at <= as_of:
                then[indicator.code] = indicator
    return dict(sorted({**found, **then}.items()))


def pick(rows: Sequence[FrameworkRow], name: str, period: Period) -> Framework:
    """Of a framework's versions the one that is named, or the one in force on the period's last day."""
    code, _, version = name.partition("@")
    if version:
        return load(rows[0])
    for row in rows:
        if row.valid_from <= period.ends_on and (row.valid_to is None or row.valid_to >= period.ends_on):
            return load(row)
    example = id_of(rows[0])
    raise NOT_IN_FORCE.error(code=code, day=period.ends_on, example=example)


def in_force(framework: Framework, period: Period) -> bool:
    """Whether the framework holds on the period's last day."""
    return framework.valid_from <= period.ends_on and (
        framework.valid_to is None or framework.valid_to >= period.ends_on
    )


def shipped_documents() -> list[object]:
    """The documents of the frameworks that ship."""
    return [read_yaml(path.read_bytes()) for path in sorted(SHIPPED.glob("*.yaml"))]


def shipped_ids() -> list[str]:
    """The frameworks that every new database has."""
    return [Framework.model_validate(document).id for document in shipped_documents()]


def ship(database: Database) -> None:
    """Store the documents that ship, unless they already stand or stand used in another form.

    What an office has stated itself comes first: a version of its own under the same name stays, one whose indicators
    it uses for something else is left out, and one that begins on the same day keeps no service from starting.
    """
    with database.reading() as session:
        stored = {(row.code, row.version): row for row in store.list_frameworks(session)}
        missing = [document for document in shipped_documents() if _is_wanted(session, document, stored)]
    if not missing:
        return
    with database.writing() as session:
        for document in missing:
            _take(session, check_document(session, document))


def _is_wanted(session: Session, document: object, stored: Mapping[tuple[str, str], FrameworkRow]) -> bool:
    framework, faults = read_framework(document, known_indicators=store.indicator_kinds(session))
    if framework is None:
        log.warning("a framework that ships is left out: %s", "; ".join(fault.detail("en") for fault in faults))
        return False
    row = stored.get((framework.code, framework.version))
    if row is None:
        return True
    as_it_ships = row.used or row.digest == hashlib.sha256(canonical(framework)).hexdigest()
    return not as_it_ships and last_actor(session, f"framework:{framework.id}") == SERVICE
