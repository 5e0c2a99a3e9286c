"""The figures of a draft letter as they are printed: what `POST /v1/check` and `chiso check` are given.

Figures stay as they were sent, since how they are printed is what is checked: text is read as a letter writes it, a
JSON number is exact as it stands. Only what they hang on (refs, codes) has a pattern.
"""

from decimal import Decimal
from typing import Annotated

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

from app.domain.characters import WHOLE
from app.domain.period import PeriodCode
from app.domain.validation_faults import BY_PIECES, alone
from app.domain.vocabulary import Code, CriterionCode, Flag, FrameworkName

Ref = Annotated[str, StringConstraints(min_length=1, max_length=100), WHOLE]
"""What the draft calls a row, a list or a head: `1.2a`."""
ONE_REF = {"type": "string", "minLength": 1, "maxLength": 100}
MOST_ROWS = 10_000
"""No letter has as many; what has more is no draft but an import."""
MOST_PARTS = 1_000
"""Nor as many lists, heads and classes."""


MOST_OBSERVATIONS = 20
"""So many look-ups of one figure."""


def written_figure(given: object) -> str | Decimal:
    """A figure as it was sent; numbers are exact, so a binary fraction is none, and neither is `true`."""
    if isinstance(given, str | Decimal):
        return given
    if isinstance(given, int) and not isinstance(given, bool):
        return Decimal(given)
    raise PydanticCustomError("figure_type", "a figure as it is printed, or a number")


def one_or_many(given: object, read: ValidatorFunctionWrapHandler) -> object:
    """A ref that stands alone is a list of one; what is wrong with it is said of the place where it stands."""
    if not isinstance(given, str):
        return read(given)
    try:
        return read([given])
    except ValidationError as error:
        raise alone(error) from None


PrintedFigure = Annotated[
    str | Decimal, PlainValidator(written_figure), WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}]})
]
"""A printed figure: `86,02`, or the number 86.02."""


Refs = Annotated[
    list[Ref],
    BY_PIECES,
    Field(max_length=MOST_PARTS),
    WrapValidator(one_or_many),
    WithJsonSchema({"anyOf": [ONE_REF, {"type": "array", "items": ONE_REF, "maxItems": MOST_PARTS}]}),
]


class DraftPart(BaseModel):
    """A part of a draft: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RowFigures(DraftPart):
    """One period's cells of a row. `count` is `n` or `n/d`."""

    count: PrintedFigure | None = None
    rate: PrintedFigure | None = None


class DraftRow(DraftPart):
    """A row of a table of two periods, or a figure of the text.

    Rows of one `part_of` are complements: shares of one whole. `indicator`: what the row counts in the framework.
    `base`: the ref, or the `part_of`, that counts the population of these figures: a rate beside a plain count is the
    share of it. `same_as`: the refs of rows that print the same quantity.
    """

    ref: Ref
    part_of: Ref | None = None
    indicator: Code | None = None
    now: RowFigures = RowFigures()
    before: RowFigures = RowFigures()
    change: PrintedFigure | None = None
    base: Ref | None = None
    same_as: Refs | None = None

    @property
    def twins(self) -> list[str]:
        """The refs of `same_as`."""
        return self.same_as or []


class GroupFigures(DraftPart):
    """A group's points and their change against the period before."""

    points: PrintedFigure | None = None
    change: PrintedFigure | None = None


class DraftScores(DraftPart):
    """Points and ranks. `totals`: the total in each place that prints it; a rank is `8` or `08/23`."""

    groups: Annotated[dict[CriterionCode, GroupFigures], Field(max_length=MOST_PARTS)] = {}
    totals: Annotated[list[PrintedFigure], BY_PIECES, Field(max_length=MOST_PARTS)] = []
    total_before: PrintedFigure | None = None
    total_change: PrintedFigure | None = None
    rank: PrintedFigure | None = None
    rank_before: PrintedFigure | None = None
    rank_change: PrintedFigure | None = None


class ListItem(DraftPart):
    """A unit that a list names, with its count, and its rate, where the list gives them."""

    name: Annotated[str, WHOLE]
    count: PrintedFigure | None = None
    rate: PrintedFigure | None = None


class DraftList(DraftPart):
    """A list of units with the sum and the number of units that the text states."""

    ref: Ref
    stated_sum: PrintedFigure | None = None
    stated_units: PrintedFigure | None = None
    items: Annotated[list[ListItem], BY_PIECES, Field(max_length=MOST_ROWS)] = []


class DraftClasses(DraftPart):
    """How many units of a level are in each class, of how many; a class that is not printed has none."""

    ref: Ref
    stated_of: PrintedFigure | None = None
    counts: Annotated[dict[Ref, PrintedFigure | None], Field(max_length=MOST_PARTS)] = {}


class DraftMoment(DraftPart):
    """A head that says when the figures were looked up: `Thống kê ngày 29/02/2024`."""

    ref: Ref
    text: Annotated[str, WHOLE]


class DraftBand(DraftPart):
    """A class of scores as the text defines it: from `min` to below `max`, itself only where `closed`."""

    ref: Ref
    min: PrintedFigure
    max: PrintedFigure | None = None
    closed: Flag = False


Observations = Annotated[list[PrintedFigure], BY_PIECES, Field(max_length=MOST_OBSERVATIONS)]


class RestatedRow(DraftPart):
    """What else was known of a row's figures of the period before."""

    count: Observations = []
    rate: Observations = []


class DraftRestated(DraftPart):
    """Other known observations of the period before: sources change what they once said.

    A change that does not fit the figure before, as it is printed, but fits one of these is a warning: it has to be
    said which of the two it is against. `groups` are points before, by group; `rows` by ref.
    """

    total: Observations = []
    rank: Observations = []
    groups: Annotated[dict[CriterionCode, Observations], Field(max_length=MOST_PARTS)] = {}
    rows: Annotated[dict[Ref, RestatedRow], Field(max_length=MOST_ROWS)] = {}


class Draft(DraftPart):
    """The figures of one letter. Every part may be left out; `unit` is echoed and need not exist."""

    unit: Annotated[str, StringConstraints(max_length=200), WHOLE] | None = None
    period: PeriodCode | None = None
    against: PeriodCode | None = None
    framework: FrameworkName | None = None
    rows: Annotated[list[DraftRow], BY_PIECES, Field(max_length=MOST_ROWS)] = []
    scores: DraftScores | None = None
    restated: DraftRestated | None = None
    lists: Annotated[list[DraftList], BY_PIECES, Field(max_length=MOST_PARTS)] = []
    classes: Annotated[list[DraftClasses], BY_PIECES, Field(max_length=MOST_PARTS)] = []
    moments: Annotated[list[DraftMoment], BY_PIECES, Field(max_length=MOST_PARTS)] = []
    bands: Annotated[list[DraftBand], BY_PIECES, Field(max_length=MOST_PARTS)] = []
