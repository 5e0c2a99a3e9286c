"""A lenient look at one part of a document: reads what can be read, and knows where it stands.

The checks of a framework work on this rather than on the typed model, so that one misspelt field does not hide what
is wrong elsewhere: what is absent or unreadable is None, and a check that needs it stays silent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from app.domain.figure_parser import read_document_figure
from app.errors import ErrorCode, Fault

MAX_WHOLE_DIGITS, MAX_DECIMALS = 11, 4
"""Those of `rules.Figure`: what is beyond them the shape check refuses, and no sum should be made of it."""


def escaped(key: str) -> str:
    """A key as it stands in a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def plain(figure: Decimal) -> str:
    """A figure as a person writes it: no exponent, no trailing zeros.

    >>> plain(Decimal("1E+2")), plain(Decimal("22.50")), plain(Decimal("-0.0"))
    ('100', '22.5', '0')
    """
    return format(figure.normalize() + 0, "f")


def _is_in_bounds(figure: Decimal) -> bool:
    if not -MAX_DECIMALS <= figure.adjusted() < MAX_WHOLE_DIGITS:
        return not figure
    return figure == round(figure, MAX_DECIMALS)


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """A value of the document and its JSON pointer."""

    value: object
    pointer: str = ""

    def field(self, name: str) -> object:
        """The value of a field; None where it is absent, or where this part is no object."""
        return self.value.get(name) if isinstance(self.value, dict) else None

    def has(self, name: str) -> bool:
        return self.field(name) is not None

    def part(self, name: str) -> "DocumentPart":
        return DocumentPart(self.field(name), f"{self.pointer}/{escaped(name)}")

    def parts(self, name: str) -> list["DocumentPart"]:
        """The objects of a list, each with its pointer; what is no object is left out (the shape check names it)."""
        items = self.field(name)
        if not isinstance(items, list):
            return []
        return [
            DocumentPart(item, f"{self.pointer}/{name}/{index}")
            for index, item in enumerate(items)
            if isinstance(item, dict)
        ]

    def texts(self, name: str) -> Iterator[tuple[str, str]]:
        """(text, pointer) of each text in a list."""
        items = self.field(name)
        for index, item in enumerate(items if isinstance(items, list) else []):
            if isinstance(item, str):
                yield item, f"{self.pointer}/{name}/{index}"

    def text(self, name: str) -> str | None:
        value = self.field(name)
        return value if isinstance(value, str) else None

    def figure(self, name: str, default: Decimal | None = None) -> Decimal | None:
        """A number, `default` where the field is absent, None where it cannot be read."""
        value = self.field(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
            return None
        figure = read_document_figure(value) if isinstance(value, str) else Decimal(value)
        return figure if isinstance(figure, Decimal) and figure.is_finite() and _is_in_bounds(figure) else None

    @property
    def label(self) -> str:
        """What a person calls this part: its code and Vietnamese name, else its place in the document."""
        code, name = self.text("code"), self.part("name").text("vi")
        if code is None:
            return self.pointer
        return f"“{code[:60]}”" if name is None else f"“{code[:60]}” ({name[:80]})"


def fault(error_code: ErrorCode, pointer: str, /, *, suggestion: str | None = None, **context: object) -> Fault:
    """A fault at a place of the document; a context value may be a Text of our own."""
    value = context.get("value", context.get("code"))
    shown = None if value is None else str(value)[:100]
    return Fault(error_code, context, pointer=pointer, value=shown, suggestion=suggestion)
