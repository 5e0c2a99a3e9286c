"""What the bodies of targets, publications and tasks are made of."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, StringConstraints, WrapValidator

from app.domain.characters import NAME, ONE_LINE, SEVERAL_LINES

Line = Annotated[str, StringConstraints(min_length=1, max_length=500), NAME]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=10_000), SEVERAL_LINES]
LegalRef = Annotated[str, StringConstraints(min_length=1, max_length=1000), SEVERAL_LINES]
WebAddress = Annotated[
    str,
    StringConstraints(
        pattern=r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s\x00-\x1f\x7f/?#]+([/?#][^\s\x00-\x1f\x7f]*)?$", max_length=2000
    ),
    ONE_LINE,
]
"""An address that a browser opens: http or https, with a host."""


def one_or_many(one: type[BaseModel], many: type[BaseModel]) -> Any:
    """A validator for a body that is one item, or `{"items": […]}`; pointers begin where the body does."""

    def chosen(body: object, _: Callable[[object], object]) -> BaseModel:
        if isinstance(body, one | many):
            return body
        model = many if isinstance(body, Mapping) and "items" in body else one
        return model.model_validate(body)

    return WrapValidator(chosen)
