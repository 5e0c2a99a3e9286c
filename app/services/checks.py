"""Proof-reading a draft: the framework and the periods that it names, then the rules. Nothing is stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NoReturn

from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.answers.findings import DraftFinding, DraftFindings
from app.domain.checks.draft.check import check
from app.domain.checks.draft.draft import Draft
from app.domain.checks.draft.finding import LetterFinding
from app.domain.checks.draft.parsed_draft import CheckOptions
from app.domain.checks.draft.references import reference_faults
from app.domain.frameworks.framework import Framework
from app.domain.input_location import InputLocation, located
from app.domain.period import Period, read_period
from app.domain.validation_faults import shape_faults
from app.errors import Fault, Faults, Invalid, Language, NotFound, RefusalCode
from app.services.frameworks import load, load_framework, versions
from app.store.frameworks import NO_INDICATOR, indicator_kinds

REFUSED = RefusalCode(
    "draft_invalid",
    "{count} thing(s) in the draft must be mended before it can be checked; each is named in `errors`.",
    "Bản thảo có {count} chỗ cần sửa trước khi kiểm tra được; từng chỗ được nêu trong `errors`.",
    Invalid,
)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What was found in a draft, and the framework version it was checked against (None where none was needed)."""

    unit: str | None
    period: str | None
    framework: str | None
    findings: Sequence[LetterFinding]


def described(checked: CheckResult, language: Language) -> DraftFindings:
    """What was found in a draft as it is answered."""
    return {
        "unit": checked.unit,
        "period": checked.period,
        "framework": checked.framework,
        "findings": [finding_described(finding, language) for finding in checked.findings],
    }


def finding_described(finding: LetterFinding, language: Language) -> DraftFinding:
    """One finding as it is answered."""
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "ref": finding.ref,
        "detail": finding.detail(language),
        "stated": finding.stated,
        "expected": finding.expected,
    }


def check_document(session: Session, document: object, default_framework: str) -> CheckResult:
    """`check_draft` of a document that was read from JSON; Invalid names everything that is not of its shape."""
    try:
        draft = Draft.model_validate(document)
    except ValidationError as error:
        _refuse(shape_faults(error))
    return check_draft(session, draft, default_framework)


def check_draft(session: Session, draft: Draft, default_framework: str) -> CheckResult:
    """The findings about a draft, as it is read.

    Invalid `period_invalid`, `indicator_unknown`, `ref_unknown`, `group_unknown`, `groups_mixed`, `class_unknown`;
    NotFound where there is no such framework, or none in force in the draft's period (the newest, where it names no
    period).
    """
    period = _period(draft.period, "period")
    against = _period(draft.against, "against")
    if against is None and period is not None and period.previous is not None:
        against = read_period(period.previous)
    framework = _framework(session, draft, default_framework, period)
    kinds = indicator_kinds(session) if any(row.indicator for row in draft.rows) else {}
    faults = Faults(chain(_indicator_faults(draft, kinds), reference_faults(draft, framework)))
    if faults:
        _refuse(faults)
    before = _framework_before(session, draft, default_framework, framework, against)
    findings = check(draft, CheckOptions(framework, before, period, against, kinds))
    return CheckResult(draft.unit, draft.period, None if framework is None else framework.id, findings)


def _refuse(faults: Faults) -> NoReturn:
    raise REFUSED.error(faults=faults, count=faults.count)


def _period(code: str | None, field: str) -> Period | None:
    if code is None:
        return None
    with located(pointer=f"/{field}"):
        return read_period(code)


def _framework(session: Session, draft: Draft, default: str, period: Period | None) -> Framework | None:
    """The framework named, else the default one where there are scores to hold against it."""
    if draft.framework is None and draft.scores is None:
        return None
    name = draft.framework or default
    return load(versions(session, name, None)[0]) if period is None else load_framework(session, name, period, None)


def _framework_before(
    session: Session, draft: Draft, default: str, framework: Framework | None, against: Period | None
) -> Framework | None:
    """The same framework, if the period compared with was under the same version."""
    if framework is None or against is None:
        return framework
    try:
        before = load_framework(session, draft.framework or default, against, None)
    except NotFound:  # no version was in force then, so nothing can be computed for it
        return None
    return before if before.id == framework.id else None


def _indicator_faults(draft: Draft, kinds: Mapping[str, str]) -> Iterator[Fault]:
    """Rows that name an indicator which no framework describes."""
    for index, code in enumerate(row.indicator for row in draft.rows):
        if code is not None and code not in kinds:
            place = InputLocation(f"/rows/{index}")
            yield place.fault(NO_INDICATOR, "indicator", {"code": code}, value=code)
