"""The vocabulary of letter fields as a tree: what a template may ask for, of which type it is, and what it means.

It is read from the types of the answer, so that what Word gets is what the JSON of `reports/announcement` has.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import UnionType
from typing import Annotated, Final, Literal, Union, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo
from typing_extensions import is_typeddict

from app.answers.field_kinds import PYTHON_KINDS, Holds, KeyKind, KeysOf, Kind
from app.answers.letter_fields import LetterFields

Shape = Literal["scalar", "object", "list", "mapping"]
PRINTED_BY: Mapping[Kind, str | None] = {
    "text": None,
    "flag": None,
    "points": "diem",
    "rate": "ty_le",
    "amount": "so_luong",
    "count": "hai_chu_so",
    "day": "ngay",
    "moment": "thoi_diem",
    "points_change": "thay_doi",
    "rate_change": "diem_phan_tram",
    "rank_change": "bac",
}
"""The filter that prints a kind of figure; None: it stands as it is."""
SHAPES: Mapping[object, Shape] = {list: "list", dict: "mapping"}
STEP = re.compile(r"\.?([^\W\d]\w*)|\[\s*(?:\"([^\"]*)\"|'([^']*)'|(\d*))\s*\]")


@dataclass(frozen=True)
class Node:
    """A field: a scalar of some kind, an object with members, a list of items, or a mapping of items by code.

    `vi`, `en`: what it means. `optional`: there may be no figure.
    """

    declared: object
    vi: str = ""
    en: str = ""
    optional: bool = False
    kind: Kind | None = None

    @property
    def shape(self) -> Shape:
        if is_typeddict(self.declared):
            return "object"
        return SHAPES.get(get_origin(self.declared), "scalar")

    @cached_property
    def members(self) -> Mapping[str, "Node"]:
        """The members of an object by name; of anything else none."""
        if self.shape != "object":
            return {}
        hints = get_type_hints(self.declared, include_extras=True)
        return {name: _node(hint) for name, hint in hints.items()}

    @cached_property
    def item(self) -> "Node | None":
        """What stands in a list or mapping; None for what is neither."""
        return _node(get_args(self.declared)[-1]) if self.shape in ("list", "mapping") else None

    @property
    def keys(self) -> KeyKind | None:
        """What the keys of a mapping are codes of."""
        about: tuple[object, ...] = getattr(next(iter(get_args(self.declared)), None), "__metadata__", ())
        return next((each.kind for each in about if isinstance(each, KeysOf)), None)

    def step(self, name: str | int | None) -> "Node | None":
        """The member of that name, or an item: of a list by its place, of a mapping by any code; None without one."""
        if self.shape == "object":
            return self.members.get(str(name))
        if self.shape == "list" and isinstance(name, str):
            return None
        return self.item

    def example(self, path: str) -> str:
        """How a template in Word prints it; within a list an item is called `each`.

        >>> find_field("tasks[].due_on").example("tasks[].due_on"), find_field("total").example("total")
        ('{{ each.due_on | ngay }}', '{{ total | diem }}')
        """
        if "[]" in path:
            path = f"each{path.rpartition('[]')[2]}"
        if self.shape in ("list", "mapping"):
            source = f"{path} | danh_sach" if self.shape == "mapping" else path
            return f"{{%p for each in {source} %}} … {{%p endfor %}}"
        if self.shape == "object":
            return f"{{{{ {path}.{next(iter(self.members))} }}}}"
        printed = PRINTED_BY[self.kind or "text"]
        return f"{{{{ {path} }}}}" if printed is None else f"{{{{ {path} | {printed} }}}}"


def _node(hint: object) -> Node:
    """The field of a type with its meaning; a type that may be None is optional."""
    found: list[object] = []
    optional = False
    while True:
        if get_origin(hint) is Annotated:
            hint, *more = get_args(hint)
            found += more
        elif get_origin(hint) in (Union, UnionType):
            (hint,) = (each for each in get_args(hint) if each is not type(None))
            optional = True
        else:
            break
    held = next((each.kind for each in found if isinstance(each, Holds)), None)
    vi, en = next((_meaning(each) for each in found if isinstance(each, FieldInfo)), ("", ""))
    return Node(hint, vi, en, optional, held or PYTHON_KINDS.get(hint))


def _meaning(field: FieldInfo) -> tuple[str, str]:
    extra = field.json_schema_extra
    assert isinstance(extra, dict)
    return str(extra["x-description-vi"]), field.description or ""


ROOT: Final = Node(LetterFields)


def steps(path: str) -> list[str | int | None]:
    """The names and places of a path; None where any item is meant. ValueError for what is no path.

    >>> steps('below["paid_dossiers"].units[].name'), steps("order_lines[0]")
    (['below', 'paid_dossiers', 'units', None, 'name'], ['order_lines', 0])
    """
    found: list[str | int | None] = []
    at = 0
    while at < len(path):
        match = STEP.match(path, at)
        if match is None:
            raise ValueError(path)
        name = next((text for text in match.groups()[:3] if text is not None), None)
        found.append(name if name is not None else int(match[4]) if match[4] else None)
        at = match.end()
    return found


def find_field(path: str) -> Node | None:
    """The field of a path, None where there is none.

    >>> found = find_field('below["paid_dossiers"].units[].name')
    >>> found.kind, found.en
    ('text', 'Its full name.')
    >>> find_field("totl"), find_field("change.total").kind
    (None, 'points_change')
    """
    node: Node | None = ROOT
    try:
        for step in steps(path):
            node = None if node is None else node.step(step)
    except ValueError:
        return None
    return node


def list_fields() -> Iterator[tuple[str, Node]]:
    """Every field with its path, parents before their members; what stands below itself is listed once.

    >>> [path for path, _ in list_fields()][:3]
    ['unit', 'unit.code', 'unit.name']
    """
    yield from _below("", ROOT, ())


def _below(path: str, node: Node, within: tuple[object, ...]) -> Iterator[tuple[str, Node]]:
    if node.item is not None:
        yield from _below(f'{path}["…"]' if node.shape == "mapping" else f"{path}[]", node.item, within)
    if node.declared in within:
        return
    for name, member in node.members.items():
        at = f"{path}.{name}" if path else name
        yield at, member
        yield from _below(at, member, (*within, node.declared))
