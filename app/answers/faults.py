"""What is wrong, or odd, at one place of what was sent."""

from typing import NotRequired

from typing_extensions import TypedDict


class FaultBody(TypedDict):
    """One thing that is wrong, and where."""

    code: str
    detail: str
    pointer: NotRequired[str | None]
    row: NotRequired[int | None]
    column: NotRequired[str | None]
    parameter: NotRequired[str | None]
    value: NotRequired[str | None]
    suggestion: NotRequired[str | None]
