"""What the bodies of targets, publications and tasks are made of."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, StringConstraints, WrapValidator
from pydantic_core import PydanticCustomError

from app.domain.unit import printable
from app.domain.vietnamese import nfc

ONE_LINE = 500


def prose(text: str) -> str:
    """Text of several lines in NFC; other control characters, which no letter could print, are refused."""
    lines = text.replace("\r\n", "\n")
    if any(unicodedata.category(letter) == "Cc" and letter not in "\n\t" for letter in lines):
        raise PydanticCustomError("control_character", "the text holds a control character")
    return nfc(lines)


Line = Annotated[
    str, StringConstraints(min_length=1, max_length=ONE_LINE, strip_whitespace=True), AfterValidator(printable)
]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=10_000, strip_whitespace=True), AfterValidator(prose)]
WebAddress = Annotated[
    str,
    StringConstraints(
        pattern=r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s\x00-\x1f\x7f/?#]+([/?#][^\s\x00-\x1f\x7f]*)?$", max_length=2000
    ),
]
"""An address that a browser opens: http or https, with a host."""


def one_or_many(one: type[BaseModel], many: type[BaseModel]) -> Any:
    """A validator for a body that is one item, or `{"items": […]}`; pointers begin where the body does."""

    def chosen(body: object, _: Callable[[object], object]) -> BaseModel:
        model = many if isinstance(body, Mapping) and "items" in body else one
        return model.model_validate(body)

    return WrapValidator(chosen)
