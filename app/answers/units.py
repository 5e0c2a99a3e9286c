"""The answers about units: what a public body is, and what became of a list of them."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from app.answers.faults import FaultBody
from app.answers.imports import RowsTaken
from app.domain.unit import Identifier
from app.domain.unit_names import KIND_NAMES, UnitKind
from app.domain.vocabulary import Level

SHORT_NAME = (
    "What letters of the units above call it. Null: not stated; they leave the name of the unit above out of `name`."
)
KIND = (
    "What the law calls it: "
    + ", ".join(f"`{code}` {name}" for code, name in KIND_NAMES.items())
    + ". Null: not stated; letters take what `name` begins with."
)


class UnitOut(TypedDict):
    """A public body: its code, name, level, place in the tree, other identifiers, validity (both days included)."""

    code: str
    name: str
    level: Level
    parent: str | None
    identifiers: Sequence[Identifier]
    valid_from: date | None
    valid_to: date | None
    successors: Sequence[str]
    short_name: Annotated[str | None, Field(description=SHORT_NAME)]
    kind: Annotated[UnitKind | None, Field(description=KIND)]


class UnitStated(UnitOut):
    """A unit as it stands now; `warnings` name the figures that `force` has left without a board, and odd letters."""

    warnings: NotRequired[list[FaultBody]]


class UnitList(TypedDict):
    items: list[UnitOut]
    next_cursor: str | None


class UnitsImported(RowsTaken):
    """What became of an imported list of units; created + updated + unchanged + rejected = rows."""

    status: Literal["applied", "planned"]
