"""The answer to a file of which a profile is to be proposed: what was understood, how surely, and what was not."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from app.answers.faults import FaultBody
from app.domain.intake.profiles import ColumnField, ImportProfile, Scale

Confidence = Annotated[float, Field(ge=0, le=1, description="1: exactly so called; 0: not understood.")]


class IndicatorAlternative(TypedDict):
    """An indicator that a heading may mean as well."""

    indicator: str
    confidence: Confidence


class SuggestedColumn(TypedDict):
    """What a heading was taken for and why; `field` is null where it was not understood."""

    heading: str
    field: ColumnField | None
    indicator: str | None
    period: str | None
    scale: Scale
    confidence: Confidence
    reason: str
    alternatives: list[IndicatorAlternative]


class SuggestedUnit(TypedDict):
    """A name in the column of units, and the unit that bears it; null where none or several do."""

    text: str
    unit: str | None
    confidence: Confidence
    reason: str
    alternatives: Annotated[list[str], Field(description="Codes of the units that may be meant.")]


class SuggestedSheet(TypedDict):
    """What the name of a sheet says; both are null where it was not understood."""

    sheet: str
    period: str | None
    unit: str | None
    confidence: Confidence


class TitleRow(TypedDict):
    """A row above the headings, which is left out."""

    row: int
    text: str


class ImportProfileSuggestion(TypedDict):
    """A profile to be confirmed. `profile` can be stated as it is; null where too little was understood for one.

    `complete`: every heading, name and sheet was understood, none by likeness alone. `missing` says what a profile
    still needs.
    """

    profile: ImportProfile | None
    complete: bool
    title_rows: list[TitleRow]
    columns: list[SuggestedColumn]
    units: list[SuggestedUnit]
    sheets: list[SuggestedSheet]
    missing: list[FaultBody]
