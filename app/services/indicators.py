"""The indicators of all frameworks, as they are answered."""

from typing import cast

import orjson
from sqlalchemy.orm import Session

from app.answers.indicators import IndicatorOut
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
