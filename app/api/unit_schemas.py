"""What units are sent as."""

from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from app.answers.examples import load_example
from app.answers.units import KIND, SHORT_NAME
from app.domain.booleans import QueryFlag
from app.domain.day import Day
from app.domain.unit import Identifiers, Successors, UnitName
from app.domain.unit_code import UnitCode
from app.domain.unit_names import UnitKind
from app.domain.vocabulary import Level

UnitPath = Annotated[UnitCode, Path(description="The code of a unit.", examples=["H60"])]


Force = Annotated[
    QueryFlag,
    Query(
        description="Change the units although figures of later (or, before `valid_from`, earlier) periods lose their "
        "board by it; they are named in `warnings`. Else 409 `unit_has_later_values`."
    ),
]


class UnitFacts(BaseModel):
    """What a unit may have besides its name and level."""

    code: UnitCode | None = Field(None, description="As a unit is answered; where the address names one, that.")
    parent: UnitCode | None = None
    identifiers: Identifiers = ()
    valid_from: Day | None = None
    valid_to: Day | None = None
    successors: Successors = ()
    short_name: UnitName | None = Field(None, description=SHORT_NAME)
    kind: UnitKind | None = Field(None, description=KIND)


class UnitBody(UnitFacts):
    """A unit as a whole: what is left out is empty."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": load_example("unit")})

    name: UnitName
    level: Level


def without_defaults(schema: dict[str, Any]) -> None:
    """What a patch leaves out stays as it is; the defaults of its model stand for nothing."""
    schema["example"] = load_example("unit_patch")
    for member in schema["properties"].values():
        member.pop("default", None)


class UnitPatch(UnitFacts):
    """Some facts of a unit: what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=without_defaults)

    name: UnitName = ""
    level: Level = "other"
