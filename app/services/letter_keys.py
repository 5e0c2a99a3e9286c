"""The codes under which a letter can have figures: those of the frameworks that are known, in force or not."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.answers.field_kinds import KnownKeys
from app.domain.frameworks.framework import Framework, Indicator
from app.domain.vocabulary import LEVELS
from app.services.frameworks import indicators_known, load, shipped_documents
from app.services.score_names import group_names
from app.store.frameworks import list_frameworks


def known_keys(session: Session) -> KnownKeys:
    """Those of every framework of the service."""
    return _keys(map(load, list_frameworks(session)), indicators_known(session, None).values())


def shipped_keys() -> KnownKeys:
    """Those of the frameworks that ship."""
    frameworks = list(map(Framework.model_validate, shipped_documents()))
    return _keys(frameworks, [indicator for each in frameworks for indicator in each.indicators])


def _keys(frameworks: Iterable[Framework], indicators: Iterable[Indicator]) -> KnownKeys:
    groups = {
        code
        for framework in frameworks
        for view in (None, *(each.code for each in framework.views))
        for code in group_names(framework, view)
    }
    kinds = {each.code: each.should_be_less for each in indicators}
    return {
        "group": sorted(groups),
        "indicator": sorted(kinds),
        "count": sorted(code for code, counted in kinds.items() if counted),
        "level": LEVELS,
    }
