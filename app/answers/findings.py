"""The answers about findings: what is wrong or odd with stored figures, and with those of a draft."""

from typing import NotRequired

from typing_extensions import TypedDict

from app.answers.faults import FaultBody
from app.domain.checks.stored.finding import FindingRule, Severity


class FindingOut(TypedDict):
    """One thing wrong with a figure: what is stated, what follows from the rest, and how to mend it.

    `stated` and `expected` are figures as text (`70.63`, `3863/5454`); null where nothing can be said.
    """

    rule: FindingRule
    severity: Severity
    unit: str
    period: str
    indicator: str
    detail: str
    stated: str | None
    expected: str | None


class FindingList(TypedDict):
    """Findings by unit, rule, indicator and source; `framework` is null where no version was in force."""

    framework: str | None
    period: str
    items: list[FindingOut]
    next_cursor: str | None


class DraftFinding(TypedDict):
    """One thing wrong, and where: the ref of a row, list, class, head or band, a `part_of`, a group, `total`, `rank`.

    `stated` is the figure as printed, `expected` as it would be printed; null where nothing can be said of it.
    """

    rule: str
    severity: Severity
    ref: str
    detail: str
    stated: str | None
    expected: str | None


class DraftFindings(TypedDict):
    """What was found, as the draft is read; `framework` is the version it was checked against, null where none was.

    Of more than 1,000 findings a last one with the rule `further_findings` counts the others.
    """

    unit: str | None
    period: str | None
    framework: str | None
    findings: list[DraftFinding]
    warnings: NotRequired[list[FaultBody]]
