"""The indicators of all frameworks, as they are answered."""

from typing import cast

import orjson
from sqlalchemy.orm import Session

from app.answers.indicators import IndicatorOut
from app.domain.intake.row_figures import IndicatorKind
from app.domain.words import Words
from app.store import frameworks as store
from app.store.frameworks import IndicatorRow


def list_indicators(session: Session, *, after: str | None, limit: int | None) -> list[IndicatorOut]:
    """Indicators by code, at most `limit` (None: all) behind the code `after`."""
    return [described(row) for row in store.list_indicators(session, after=after, limit=limit)]


def get_indicator(session: Session, code: str) -> IndicatorOut:
    """One indicator; NotFound where no framework defines it."""
    return described(store.get_indicator(session, code))


def described(row: IndicatorRow) -> IndicatorOut:
    """An indicator as it is answered: its document as it is kept."""
    return cast(IndicatorOut, orjson.loads(row.document))


def load_indicators(session: Session) -> tuple[dict[str, IndicatorKind], Words[str]]:
    """The kind of every indicator, and the codes by what they are called in either language."""
    rows = store.list_indicators(session, after=None, limit=None)
    names = Words((str(name), row.code) for row in rows for name in described(row)["name"].values() if name)
    return {row.code: cast(IndicatorKind, row.kind) for row in rows}, names
