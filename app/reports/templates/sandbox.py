"""The environment in which templates are filled: fields, filters and loops, and nothing that leads anywhere else."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NoReturn, Protocol, cast

from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.runtime import LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.domain.unbroken import unbroken
from app.formats.xml_text import in_xml
from app.reports.fields import filters
from app.reports.fields.filters import BLANK

LOOP = ("first", "index", "index0", "last", "length", "revindex", "revindex0")
"""What a loop knows of itself."""
TESTS = ("defined", "none", "undefined")


class Missing(Undefined):
    """What has no figure: prints a blank, is false, and is neither like, unlike, more nor less than anything.

    Two of them may differ or not, nobody knows; only `none` is what each of them is.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> "Missing":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, *_: object, **__: object) -> "Missing":  # type: ignore[override]
        return self

    def __eq__(self, other: object) -> bool:
        return other is None

    def __hash__(self) -> int:
        return hash(None)

    def _neither(self, *_: object) -> bool:
        return False

    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _neither  # type: ignore[assignment]


def first(value: object) -> object:
    """The first of a list."""
    return value[0] if isinstance(value, list) and value else None


def last(value: object) -> object:
    """The last of a list."""
    return value[-1] if isinstance(value, list) and value else None


def length(value: object) -> int | None:
    """How many there are in a list or mapping."""
    return len(value) if isinstance(value, list | dict) else None


def default(value: object, other: object) -> object:
    """The value, or another where there is none."""
    return other if value is None else value


class Filter(Protocol):
    """What templates call behind `|`."""

    def __call__(self, value: object, /, *arguments: object, **named: object) -> object: ...


RAISED = (ArithmeticError, AttributeError, TypeError, ValueError)
"""What filters raise over what they do not take."""


def _of_template(name: str, function: Filter) -> Filter:
    """A filter that knows nothing of what templates call missing; TemplateRuntimeError names it."""

    def filtered(value: object, /, *arguments: object, **named: object) -> object:
        plain = {each: _plain(given) for each, given in named.items()}
        try:
            found = function(_plain(value), *map(_plain, arguments), **plain)
        except RAISED as error:
            raise TemplateRuntimeError(f"`| {name}`: {error}") from None
        return Missing() if found is None or found == BLANK else found

    return filtered


def _plain(value: object) -> object:
    return None if isinstance(value, Undefined) else value


FILTERS = cast(
    "Mapping[str, Filter]",
    {"first": first, "last": last, "length": length, "default": default, **filters.FILTERS},
)
"""Those of the letters, and few that any template needs."""


class Sandbox(ImmutableSandboxedEnvironment):
    """Reads keys of plain dicts and places of lists, and calls nothing but filters. One for each letter."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=Missing, optimized=False, cache_size=0, keep_trailing_newline=True)
        self.globals.clear()
        self.filters = {name: _of_template(name, each) for name, each in FILTERS.items()}
        self.tests = {
            "defined": lambda value: _plain(value) is not None,
            "undefined": lambda value: _plain(value) is None,
            "none": lambda value: _plain(value) is None,
        }

    def getattr(self, obj: object, attribute: str) -> object:
        """A key of a dict, or what a loop knows of itself."""
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: object, argument: object) -> object:
        """A key of a dict, or a place of a list."""
        found = None
        if isinstance(obj, dict) and isinstance(argument, str):
            found = obj.get(argument)
        elif isinstance(obj, list) and isinstance(argument, int) and -len(obj) <= argument < len(obj):
            found = obj[argument]
        return Missing() if found is None else found

    def is_safe_callable(self, _: object) -> bool:
        """Nothing is called."""
        return False

    def call(self, *_: object, **__: object) -> NoReturn:
        """Nothing is called."""
        raise SecurityError("a template calls nothing")


def items(value: object) -> list[object]:
    """What a loop goes through: a list, or what a mapping holds; of anything else nothing."""
    found = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [Missing() if each is None else each for each in found]


def printed(value: object) -> str | None:
    """What a field prints by itself, as text of XML; None for what has no figure or is no single one."""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, Decimal):
        return filters.diem(value)
    if isinstance(value, int | str):
        return unbroken(in_xml(str(value)))
    return None
