"""Drafts of letters: the parts that a test is about, and what is found in them."""

from typing import Any

from app.domain.checks.draft.check import check
from app.domain.checks.draft.draft import Draft
from app.domain.checks.draft.finding import LetterFinding
from app.domain.checks.draft.parsed_draft import CheckOptions
from app.domain.frameworks.framework import Framework
from app.domain.period import read_period
from tests.support.published import shipped

QD766 = shipped("qd766@2026")
SIX = {"transparency": "11,8", "progress": "20", "online": "6,9", "payment": "10", "satisfaction": "18"}
"""The points of Bình Thành in February 2024, digitization (20,1) left out."""


def rules_of(framework: Framework, period: str | None = "2024-02", against: str | None = "2024-01") -> CheckOptions:
    """The rules of one framework for both periods."""
    kinds = {each.code: each.kind for each in framework.indicators}
    now, before = (None if code is None else read_period(code) for code in (period, against))
    return CheckOptions(framework, framework, now, before, kinds)


def found(
    framework: Any = QD766, period: str = "2024-02", against: str = "2024-01", **parts: Any
) -> list[LetterFinding]:
    """What is found in a draft of these parts."""
    draft = Draft.model_validate(parts)
    return check(draft, rules_of(framework, period, against))


def told(**parts: Any) -> list[tuple[str, str]]:
    """(ref, rule) of everything found."""
    return [(each.ref, each.rule) for each in found(**parts)]


def a_row(count: str = "", rate: str = "", **overrides: Any) -> dict[str, Any]:
    """A row with figures of this period; the period before and the rest by name."""
    return {"ref": "1", "now": {"count": count, "rate": rate}, **overrides}


def rates(before: str, now: str, change: str) -> dict[str, Any]:
    """A row of two rates and their change."""
    return a_row(rate=now, before={"rate": before}, change=change)


def counts(before: str, now: str, change: str) -> dict[str, Any]:
    """A row of two counts and their change."""
    return a_row(count=now, before={"count": before}, change=change)


def points(**groups: str) -> dict[str, Any]:
    """Groups with their points."""
    return {code: {"points": stated} for code, stated in groups.items()}
