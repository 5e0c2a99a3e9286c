"""What the OpenAPI document calls things that recur in it: tags, enumerations, and the codes of errors."""

import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from typing import Any, get_args

import app
from app.answers.common import FLAG_CODES, METHOD_CODES
from app.answers.imports import ImportState
from app.answers.keys import ScopeName
from app.answers.report_comparison import Figures, RankOrigin, RowKind, RowPart, RowShow
from app.answers.report_letter import LetterSource
from app.answers.report_movers import MoverListCode
from app.answers.reports import Base, CountedPart
from app.answers.webhooks import DeliveryState
from app.api.answers import BriefFormat, DatasetFormat, LetterFormat, NoticeFormat, TableFormat
from app.config import AnonymousRead
from app.domain.checks.stored.finding import FindingRule, Severity
from app.domain.figure_parser import Locale
from app.domain.frameworks.rules import Policy
from app.domain.insight.actionable import NotActionable
from app.domain.insight.least_set import Method as SetMethod
from app.domain.insight.levers import CountedIn, Hold
from app.domain.intake.import_row import Fractions
from app.domain.intake.profiles import ColumnField, Scale, Unlisted
from app.domain.intake.row_figures import IndicatorKind
from app.domain.period import PeriodType
from app.domain.scoring.node_facts import InputRole
from app.domain.unit_change import UnitEventKind
from app.domain.unit_names import UnitKind
from app.domain.vocabulary import LEVELS, ChangeKind
from app.errors import ErrorCode
from app.reports.rules.comparison import Direction
from app.services.score_order import Sort

TAGS = {
    "service": "Whether the service is alive and ready.",
    "units": "The bodies that are scored: from ministries to communes, with their past.",
    "periods": "Months, quarters, halves and years: their figures, their locks, the day by which they are due.",
    "indicators": "What is measured.",
    "frameworks": "Rule sets as data: criteria, rules, classes, with their legal references.",
    "values": "Figures of units for periods, from several sources, with every revision.",
    "scores": "Points, classes, ranks and changes, computed from the figures as they stand.",
    "evaluations": "Results that are frozen, published, replaced or withdrawn.",
    "reports": "Tables, letters and their texts, as an office issues them.",
    "findings": "Figures that contradict each other.",
    "imports": "Files and rows of figures, tried, taken, read again and undone.",
    "webhooks": "Where changes are told to, and what became of each message.",
    "check": "A letter as it was drafted, held against the figures.",
    "changes": "What to fetch anew, told in the order of the writes.",
    "keys": "Who may read and write, and who calls.",
    "audit": "Who wrote what, and when.",
}
"""Every tag of an operation, in the order in which they are shown."""

ENUMS: dict[str, tuple[str, ...]] = {
    "AnonymousRead": get_args(AnonymousRead),
    "Base": get_args(Base),
    "BriefFormat": get_args(BriefFormat),
    "ChangeKind": get_args(ChangeKind),
    "CountedIn": get_args(CountedIn),
    "CountedPart": get_args(CountedPart),
    "DatasetFormat": get_args(DatasetFormat),
    "DeliveryState": get_args(DeliveryState),
    "Direction": get_args(Direction),
    "FigurePlace": get_args(Figures),
    "FigureScale": get_args(Scale),
    "FindingRule": get_args(FindingRule),
    "Flag": FLAG_CODES,
    "Format": get_args(TableFormat),
    "Fractions": get_args(Fractions),
    "Hold": get_args(Hold),
    "ImportState": get_args(ImportState),
    "IndicatorKind": get_args(IndicatorKind),
    "InputRole": get_args(InputRole),
    "LetterFormat": get_args(LetterFormat),
    "LetterSource": get_args(LetterSource),
    "Level": LEVELS,
    "Locale": get_args(Locale),
    "Method": METHOD_CODES,
    "MoverListCode": get_args(MoverListCode),
    "NotActionable": get_args(NotActionable),
    "NoticeFormat": get_args(NoticeFormat),
    "PeriodType": get_args(PeriodType),
    "Policy": get_args(Policy),
    "ProfileField": get_args(ColumnField),
    "RankOrigin": get_args(RankOrigin),
    "RowKind": get_args(RowKind),
    "RowPart": get_args(RowPart),
    "RowShow": get_args(RowShow),
    "Scope": get_args(ScopeName),
    "ScoreSort": get_args(Sort),
    "SetMethod": get_args(SetMethod),
    "Severity": get_args(Severity),
    "UnitEventKind": get_args(UnitEventKind),
    "UnitKind": get_args(UnitKind),
    "UnlistedHeadings": get_args(Unlisted),
}
"""Components of the document, each with its values; a list of values that recurs must stand here."""

PROGRAMS = ("app.cli", "app.main", "app.formats.workbook_child", "app.migrations")
"""What declares no code that a request is answered with, or is a program of its own."""


def error_codes() -> list[str]:
    """Every code that a problem or one of its `errors` may carry, as the modules declare them."""
    return sorted({each.code for module in modules() if not module.startswith(PROGRAMS) for each in declared(module)})


def modules() -> Iterator[str]:
    """The names of the service's modules."""
    return (module.name for module in pkgutil.walk_packages(app.__path__, "app."))


def declared(module: str) -> Iterator[ErrorCode]:
    """Every `ErrorCode` that is a constant of a module, its own or an imported one, or stands in a table that is."""
    for value in list(vars(import_module(module)).values()):
        yield from _codes_in(value)


def _codes_in(value: Any) -> Iterable[ErrorCode]:
    if isinstance(value, ErrorCode):
        return [value]
    held = value.values() if isinstance(value, Mapping) else value if isinstance(value, tuple) else ()
    return [each for each in held if isinstance(each, ErrorCode)]
