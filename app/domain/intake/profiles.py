"""Import profiles: how the files of an office are laid out, stated once, so that they are read as they are."""

from typing import Annotated, Literal, get_args

from pydantic import StringConstraints
from typing_extensions import TypedDict

from app.domain.characters import TRIMMED
from app.domain.figure_parser import Locale

SharedField = Literal["unit", "period", "indicator", "source", "observed_at", "note"]
FigureField = Literal["value", "numerator", "denominator"]
ColumnField = Literal[SharedField, FigureField, "ignored"]
Scale = Literal["one", "percent", "fraction", "thousand", "million", "billion"]
Unlisted = Literal["refuse", "ignore"]
"""What is done about headings and sheets that a profile does not name."""
PLACES: dict[Scale, int] = {"one": 0, "thousand": 3, "million": 6, "billion": 9}
"""By how many places of ten a figure is greater than it is printed."""
RATES: dict[Scale, int] = {"percent": 100, "fraction": 1}
"""What a rate is a part of, as it is printed: 92,4 of 100, 0,924 of 1."""
ProfileName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60), TRIMMED]
SHARED: tuple[SharedField, ...] = get_args(SharedField)


class ProfileColumn(TypedDict):
    """What a column holds. A figure is of `indicator` and `period`, where these are not columns of their own."""

    heading: str
    field: ColumnField
    indicator: str | None
    period: str | None
    scale: Scale


class UnitWord(TypedDict):
    """How a file names a unit; a row of none (a total, a heading) is left out."""

    text: str
    unit: str | None


class IndicatorWord(TypedDict):
    """How a file names an indicator."""

    text: str
    indicator: str


class ProfileSheet(TypedDict):
    """What the sheet of this name is about."""

    sheet: str
    period: str | None
    unit: str | None


class ImportProfile(TypedDict):
    """How files are laid out. `indicator`, `period`, `source`, `locale` hold where a file and a request name none."""

    title: str | None
    skip_rows: int
    heading_rows: int
    columns: list[ProfileColumn]
    unlisted: Unlisted
    units: list[UnitWord]
    indicators: list[IndicatorWord]
    sheets: list[ProfileSheet]
    indicator: str | None
    period: str | None
    source: str | None
    locale: Locale
