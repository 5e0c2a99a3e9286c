"""Framework documents by code and version, and the indicators that they define."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import and_, func, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, SQLModel

from app.domain.frameworks.framework import Indicator
from app.domain.intake.row_figures import IndicatorKind
from app.errors import AppError, NotFound, RefusalCode
from app.store.tables import CodeText, Mapped, columns, columns_named

NO_FRAMEWORK = RefusalCode("framework_unknown", "There is no framework {name}.", "Không có bộ chỉ số {name}.", NotFound)
NOT_YET = RefusalCode(
    "framework_unknown",
    "The framework {name} was not known at the moment of `as_of`; name a later moment, or leave `as_of` out.",
    "Tại thời điểm `as_of`, bộ chỉ số {name} chưa có; hãy chọn thời điểm muộn hơn hoặc bỏ `as_of`.",
    NotFound,
)
NO_INDICATOR = RefusalCode("indicator_unknown", "There is no indicator {code}.", "Không có chỉ số {code}.", NotFound)


class FrameworkRow(SQLModel, table=True):
    """One version of a framework; `document` is its canonical JSON. A used version never changes again."""

    __tablename__ = "frameworks"
    code: Mapped[str] = Field(primary_key=True, sa_type=CodeText)
    version: Mapped[str] = Field(primary_key=True, sa_type=CodeText)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    document: Mapped[str]
    digest: Mapped[str]
    used: Mapped[bool]
    known_at: Mapped[int] = Field(sa_type=BigInteger)


class FrameworkDocument(SQLModel, table=True):
    """A document of a version, as it was known from one instant on; every one that was ever stored is kept."""

    __tablename__ = "framework_documents"
    code: Mapped[str] = Field(primary_key=True, sa_type=CodeText)
    version: Mapped[str] = Field(primary_key=True, sa_type=CodeText)
    known_at: Mapped[int] = Field(primary_key=True, sa_type=BigInteger)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    document: Mapped[str]
    digest: Mapped[str]


class IndicatorRow(SQLModel, table=True):
    """An indicator, shared by all frameworks that name it; `document` as the last of them describes it."""

    __tablename__ = "indicators"
    code: Mapped[str] = Field(primary_key=True, sa_type=CodeText)
    kind: Mapped[str]
    document: Mapped[str]


FRAMEWORK = columns(FrameworkRow)
DOCUMENT = columns(FrameworkDocument)
INDICATOR = columns(IndicatorRow)


def get_framework(session: Session, code: str, version: str, as_of: int | None = None) -> FrameworkRow:
    """The version, with the document that stood at the instant (None: now)."""
    if as_of is None:
        row = find_framework(session, code, version)
    else:
        row = next((row for row in list_frameworks(session, code, as_of) if row.version == version), None)
    if row is None:
        raise unknown(session, f"{code}@{version}")
    return row


def unknown(session: Session, name: str) -> AppError:
    """Why there is no such framework or version: nobody has stored it, or only later than the moment asked for."""
    code, _, version = name.partition("@")
    known = any(version in ("", row.version) for row in list_frameworks(session, code))
    return (NOT_YET if known else NO_FRAMEWORK).error(name=name)


def find_framework(session: Session, code: str, version: str) -> FrameworkRow | None:
    return session.get(FrameworkRow, (code, version))


def list_frameworks(session: Session, code: str | None = None, as_of: int | None = None) -> Sequence[FrameworkRow]:
    """All versions of all frameworks (or of one), the newest version of each first, as they stood at the instant."""
    if as_of is not None:
        return _stood(session, code, as_of)
    query = select(FrameworkRow)
    if code is not None:
        query = query.where(FRAMEWORK.code == code)
    order = (FRAMEWORK.code, FRAMEWORK.valid_from.desc(), FRAMEWORK.version.desc())
    return session.execute(query.order_by(*order)).scalars().all()


def _stood(session: Session, code: str | None, as_of: int) -> Sequence[FrameworkRow]:
    """The versions known at the instant, each with its document of then. `used` says what is known today."""
    newest = select(DOCUMENT.code, DOCUMENT.version, func.max(DOCUMENT.known_at).label("known_at"))
    last = newest.where(DOCUMENT.known_at <= as_of).group_by(DOCUMENT.code, DOCUMENT.version).subquery()
    fields = ("code", "version", "valid_from", "valid_to", "document", "digest", "known_at")
    query = select(*columns_named(DOCUMENT, fields), FRAMEWORK.used).join(
        last,
        and_(*(getattr(DOCUMENT, name) == last.c[name] for name in last.c.keys())),  # noqa: SIM118
    )
    query = query.join(FrameworkRow, and_(FRAMEWORK.code == DOCUMENT.code, FRAMEWORK.version == DOCUMENT.version))
    if code is not None:
        query = query.where(DOCUMENT.code == code)
    order = (DOCUMENT.code, DOCUMENT.valid_from.desc(), DOCUMENT.version.desc())
    return [FrameworkRow(**row) for row in session.execute(query.order_by(*order)).mappings()]


def list_documents(session: Session) -> Sequence[FrameworkDocument]:
    """Every document that was ever stored, in the order in which they became known."""
    order = (DOCUMENT.known_at, DOCUMENT.code, DOCUMENT.version)
    return session.execute(select(FrameworkDocument).order_by(*order)).scalars().all()


def upsert_framework(session: Session, row: FrameworkRow) -> None:
    """Let a version stand with this document from now on; those that stood before stay readable by `as_of`."""
    session.merge(row)
    session.merge(FrameworkDocument(**row.model_dump(exclude={"used"})))
    session.flush()


def mark_used(session: Session, names: Iterable[str]) -> None:
    """Versions, as `code@version`, that an evaluation rests on: from now on they never change."""
    for name in names:
        code, _, version = name.partition("@")
        get_framework(session, code, version).used = True
    session.flush()


def digests_of(session: Session, names: Iterable[str]) -> dict[str, str]:
    """The digest of the document of each version, as `code@version`, that stands now."""
    found = {}
    for name in names:
        code, _, version = name.partition("@")
        found[name] = get_framework(session, code, version).digest
    return found


def indicator_kinds(session: Session) -> dict[str, IndicatorKind]:
    """The kind of every known indicator."""
    rows = session.execute(select(INDICATOR.code, INDICATOR.kind))
    return {code: cast(IndicatorKind, kind) for code, kind in rows}


def list_indicators(session: Session, *, after: str | None, limit: int | None) -> Sequence[IndicatorRow]:
    query = select(IndicatorRow).order_by(INDICATOR.code).limit(limit)
    if after is not None:
        query = query.where(INDICATOR.code > after)
    return session.execute(query).scalars().all()


def get_indicator(session: Session, code: str) -> IndicatorRow:
    row = session.get(IndicatorRow, code)
    if row is None:
        raise NO_INDICATOR.error(code=code)
    return row


def upsert_indicators(session: Session, indicators: Iterable[Indicator]) -> None:
    """Add indicators; a known one takes the newer description (its kind cannot differ: the check came before)."""
    documents = {each.code: (each.kind, each.model_dump_json(by_alias=True)) for each in indicators}
    known = indicator_kinds(session)
    new = [{"code": c, "kind": k, "document": d} for c, (k, d) in documents.items() if c not in known]
    if new:
        session.execute(insert(IndicatorRow), new)
    old: list[Mapping[str, Any]] = [{"code": c, "document": d} for c, (_, d) in documents.items() if c in known]
    if old:
        session.execute(update(IndicatorRow), old)
