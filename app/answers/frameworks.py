"""The answers about frameworks: their versions, the document of one, and whether a document could be posted."""

from datetime import date
from typing import NotRequired, cast

from pydantic import ConfigDict
from pydantic.config import JsonDict
from typing_extensions import TypedDict

from app.answers.common import Number
from app.answers.faults import FaultBody
from app.domain.frameworks.framework import Framework


class FrameworkEntry(TypedDict):
    """One version of a framework: when it holds and whether it can still change."""

    code: str
    version: str
    id: str
    name: dict[str, str | None]
    valid_from: date
    valid_to: date | None
    used: bool
    digest: str


class FrameworkList(TypedDict):
    items: list[FrameworkEntry]
    next_cursor: str | None


class FrameworkVersions(TypedDict):
    """The versions of a framework, the newest first."""

    code: str
    items: list[FrameworkEntry]
    next_cursor: str | None


class FrameworkOut(Framework):
    """The document of one version, with its defaults filled in."""


def not_always(schema: JsonDict) -> None:
    """`warnings` stand in the answer only where there are some, so that it can be posted as it was read."""
    cast("list[str]", schema["required"]).remove("warnings")


class FrameworkStated(FrameworkOut):
    """The document that is stored, and what is odd about its texts."""

    model_config = ConfigDict(json_schema_extra=not_always)

    warnings: list[FaultBody]


class FrameworkValid(TypedDict):
    """A document that could be posted as it is; `warnings` where there are some."""

    valid: bool
    id: str
    max: Number
    criteria: int
    indicators: int
    warnings: NotRequired[list[FaultBody]]
