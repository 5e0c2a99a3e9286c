"""What an evaluation freezes, as the JSON data that is stored and read back (ADR 11), in parts.

`frameworks`: documents by `code@version`. `inputs`: the scope, and what the results rest on. `results:commune`: what
follows from these for a level. Figures of inputs are integers ×10⁴ and instants µs since 1970, as they are stored
everywhere. What an evaluation of an earlier release did not freeze is `NotRequired`.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple, NotRequired, cast

from typing_extensions import TypedDict

from app.answers.common import Number
from app.answers.layouts import LayoutDocument
from app.answers.letter_profiles import LetterProfile
from app.answers.letter_texts import LetterText
from app.answers.scores import CohortOut, ScoreItem, Summary
from app.domain.unit_names import UnitKind
from app.domain.vocabulary import Level

FrozenUnit = tuple[str, str, Level, str | None]
"""Code, name, level, parent."""

StatedNames = tuple[str | None, UnitKind | None]
"""Short name and kind of a unit."""

ValueFields = tuple[str, str, str, int | None, int | None, int | None, int | None, int]
"""The fields of a `FrozenValue`."""

Document = Mapping[str, object]
"""A framework or an indicator."""

StatedJson = Mapping[str, object]
"""A target, a publication or a task, as `store.stated` writes them."""


class FrozenValue(NamedTuple):
    """A value that stood when it was frozen: its key within the period, and what it says."""

    unit: str
    indicator: str
    source: str
    numerator: int | None
    denominator: int | None
    value: int | None
    decimals: int | None
    observed_at: int


class FrozenPeriod(TypedDict):
    """One period: its units, codes of the cohort of each level, the values of these units, and those of `under`.

    `ended`: the units that were over before the last day of a period longer than a month.
    """

    framework: str
    units: list[FrozenUnit]
    cohorts: dict[Level, list[str]]
    values: list[ValueFields]
    own: NotRequired[list[ValueFields]]
    ended: NotRequired[list[str]]


class FrozenTemplate(TypedDict):
    """The Word file of a letter, by its SHA-256, and the unit that had stated it."""

    unit: str
    sha256: str


class ReportInputs(TypedDict, total=False):
    """What reports need besides the figures.

    Documents of the `indicators`; the targets, publications and tasks that stood; the units `above` the scope, whose
    targets hold within it; the `names` of these and of units of tasks; what the letters of `under` always say, and what
    each kind of them says of the period and is made from; the `layouts` that were stated; and by period and code the
    `unit_names` of units of which a short name or a kind was stated.
    """

    indicators: dict[str, Document]
    targets: list[StatedJson]
    above: list[str]
    publications: list[StatedJson]
    tasks: list[StatedJson]
    names: dict[str, str]
    letter: LetterProfile | None
    unit_names: dict[str, dict[str, StatedNames]]
    letter_texts: dict[str, LetterText]
    letter_templates: dict[str, FrozenTemplate]
    layouts: list[LayoutDocument]


class FrozenUnitsChanged(TypedDict):
    """The units that an event made another body between the two periods, and those that it only put elsewhere."""

    reformed: list[str]
    moved: list[str]


class FrozenInputs(ReportInputs):
    """The scope of an evaluation, and what it rests on in the period and in the one compared with, by code.

    `edition`: of the rules by which results follow from it and the digest is taken; the first one did not say.
    """

    edition: NotRequired[int]
    framework: str
    period: str
    against: str | None
    under: str | None
    levels: list[Level]
    periods: dict[str, FrozenPeriod]
    changed: NotRequired[FrozenUnitsChanged]


class GroupsInView(TypedDict):
    """What another view shows of a unit: its groups, and how they changed."""

    groups: dict[str, Number | None]
    change: dict[str, Number | None]


class FrozenResult(TypedDict):
    """A level: the board as it is answered, the sort key of each item, and its groups in every other view.

    `observed_at`: when the figures behind the total of each item were looked up last.
    """

    framework: str
    period: str
    cohort: CohortOut
    summary: Summary
    items: list[ScoreItem]
    observed_at: NotRequired[list[int | None]]
    places: list[list[int]]
    views: dict[str, list[GroupsInView]]


def read_document(text: str) -> Document:
    return cast(Document, _read(text))


def read_documents(text: str) -> Mapping[str, Document]:
    return cast(Mapping[str, Document], _read(text))


def read_inputs(text: str) -> FrozenInputs:
    return cast(FrozenInputs, _read(text))


def read_result(text: str) -> FrozenResult:
    return cast(FrozenResult, _read(text))


def _read(text: str) -> object:
    """Stored JSON, its figures exact."""
    return json.loads(text, parse_float=Decimal)
