"""Framework documents by code and version, and the indicators that they define."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast

import orjson
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import BigInteger, Field, SQLModel

from app.domain.frameworks.framework import Indicator
from app.domain.intake.row_figures import IndicatorKind
from app.errors import NotFound, RefusalCode
from app.store.tables import CodeText, Mapped, columns

NO_FRAMEWORK = RefusalCode("framework_unknown", "There is no framework {name}.", "Không có bộ chỉ số {name}.", NotFound)
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


class IndicatorRow(SQLModel, table=True):
    """An indicator, shared by all frameworks that name it; `document` as the last of them describes it."""

    __tablename__ = "indicators"
    code: Mapped[str] = Field(primary_key=True, sa_type=CodeText)
    kind: Mapped[str]
    document: Mapped[str]


FRAMEWORK = columns(FrameworkRow)
INDICATOR = columns(IndicatorRow)


def get_framework(session: Session, code: str, version: str) -> FrameworkRow:
    row = find_framework(session, code, version)
    if row is None:
        raise NO_FRAMEWORK.error(name=f"{code}@{version}")
    return row


def find_framework(session: Session, code: str, version: str) -> FrameworkRow | None:
    return session.get(FrameworkRow, (code, version))


def list_frameworks(session: Session, code: str | None = None) -> Sequence[FrameworkRow]:
    """All versions of all frameworks (or of one), the newest version of each first."""
    query = select(FrameworkRow)
    if code is not None:
        query = query.where(FRAMEWORK.code == code)
    order = (FRAMEWORK.code, FRAMEWORK.valid_from.desc(), FRAMEWORK.version.desc())
    return session.execute(query.order_by(*order)).scalars().all()


def upsert_framework(session: Session, row: FrameworkRow) -> None:
    session.merge(row)
    session.flush()


def mark_used(session: Session, names: Iterable[str]) -> None:
    """Versions, as `code@version`, that an evaluation rests on: from now on they never change."""
    for name in names:
        code, _, version = name.partition("@")
        get_framework(session, code, version).used = True
    session.flush()


def indicator_kinds(session: Session) -> dict[str, IndicatorKind]:
    """The kind of every known indicator."""
    rows = session.execute(select(INDICATOR.code, INDICATOR.kind))
    return {code: cast(IndicatorKind, kind) for code, kind in rows}


def indicator_names(session: Session) -> dict[str, str]:
    """The Vietnamese name of every known indicator."""
    rows = session.execute(select(INDICATOR.code, INDICATOR.document)).all()
    return {code: orjson.loads(document)["name"]["vi"] for code, document in rows}


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
