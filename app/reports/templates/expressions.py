"""What an expression of a template asks for: the field of the vocabulary that it names, and what is wrong with it.

Nothing is executed: the syntax tree is walked, and only what is listed here may stand in it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import singledispatch
from inspect import signature
from types import GenericAlias
from typing import get_args

from jinja2 import nodes

from app.answers.field_kinds import KnownKeys
from app.domain.suggest import Speller, misread
from app.reports.fields.vocabulary import ROOT, Node, Shape
from app.reports.templates.sandbox import FILTERS, LOOP, RAISED, TESTS

LONGEST = 100
Member = nodes.Getattr | nodes.Getitem
SAME = frozenset({"bo_trong", "default"})
"""Filters that give what they are given."""
ONE_OF = frozenset({"first", "last"})
ANY: tuple[Shape, ...] = ("scalar", "object", "list", "mapping")
TAKEN: Mapping[str, tuple[Shape, ...]] = {
    **dict.fromkeys(("bo_trong", "default"), ANY),
    **dict.fromkeys(("danh_sach", "length", "noi", "ten_gop"), ("list", "mapping")),
    **dict.fromkeys(ONE_OF, ("list",)),
}
"""The shapes that filters take; all others take a single figure."""
TRIED: Mapping[str, object] = {"noi": ["a", "b"], "ten_gop": [{"short_name": "a"}, {"short_name": "b"}]}
"""What a filter is tried over where it takes no single figure, for which stands `LARGE`."""
LARGE = Decimal(10) ** 9


@dataclass(frozen=True, slots=True)
class Meaning:
    """What stands for an expression: its field (None: not known, or of no field), and the path that leads there."""

    node: Node | None = None
    path: str = ""

    @property
    def is_printable(self) -> bool:
        """Whether it is one figure or text; what is not known may be."""
        return self.node is None or self.node.shape == "scalar"

    def item(self) -> "Meaning":
        """What a loop over it gives."""
        return Meaning(None if self.node is None else self.node.item, f"{self.path}[]")

    def listed(self) -> "Meaning":
        """What `danh_sach` gives: the items of a list or mapping, as a list."""
        if self.node is None or self.node.shape != "mapping":
            return self
        return Meaning(Node(GenericAlias(list, get_args(self.node.declared)[-1:])), self.path)


TEXT = Meaning(Node(str, kind="text"))
NUMBER = Meaning(Node(int, kind="count"))
TEXTS = Meaning(Node(list[str]))
LOOP_STATE = Meaning(path="loop")


@dataclass(frozen=True, slots=True)
class ExpressionFault:
    """What is wrong: the code of a fault, what it is about as it is written, and what was probably meant."""

    code: str
    field: str
    suggestion: str | None = None


class ExpressionReader:
    """Reads one expression after the other; `faults` and `fields` are what was found, `scopes` what is named.

    `keys`: what mappings can hold; nothing is said of keys of which nothing is known.
    """

    def __init__(self, keys: KnownKeys | None = None) -> None:
        self.keys = keys or {}
        self.faults: list[ExpressionFault] = []
        self.fields: dict[str, None] = {}
        self.scopes: list[dict[str, Meaning]] = [{}]
        self.speller = Speller()

    def read(self, expression: nodes.Node) -> Meaning:
        """What an expression stands for."""
        return reading(expression, self)

    def read_printed(self, expression: nodes.Node) -> Meaning:
        """What an expression stands for that is to be printed."""
        meaning = self.read(expression)
        if not meaning.is_printable:
            self.fault("field_not_printable", source_of(expression))
        return meaning

    def read_items(self, expression: nodes.Node) -> Meaning:
        """What each round of a loop over an expression gives."""
        meaning = self.read(expression)
        if meaning.node is not None and meaning.node.item is None:
            self.fault("field_not_list", source_of(expression))
            return Meaning()
        return meaning.item()

    def fault(self, code: str, field: str, suggestion: str | None = None) -> None:
        self.faults.append(ExpressionFault(code, field[:LONGEST], suggestion))

    def name(self, name: str, meaning: Meaning) -> None:
        """From here on a name stands for something, until its block ends."""
        self.scopes[-1][name] = meaning

    def found(self, name: str) -> Meaning:
        """What a name stands for."""
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        node = ROOT.step(name)
        if node is None:
            known = {*ROOT.members, *(each for scope in self.scopes for each in scope)}
            self.fault("field_unknown", name, self.meant(name, known))
            return Meaning(path=name)
        self.fields[name] = None
        return Meaning(node, name)

    def meant(self, name: str, known: Collection[str]) -> str | None:
        """The known name that was probably meant."""
        return misread(name, known) or self.speller.near(name, known)

    def member(self, base: Meaning, name: str | int | None, path: str, expression: Member) -> Meaning:
        """The member of a field, by the path that leads there."""
        if str(name).startswith("_"):
            self.fault("expression_forbidden", source_of(expression))
            return Meaning()
        if base is LOOP_STATE:
            if name not in LOOP:
                self.unknown_member(expression, str(name), LOOP)
            return NUMBER
        if base.node is None:
            return Meaning(path=path)
        node = base.node.step(name)
        if node is None:
            self.unknown_member(expression, str(name), base.node.members)
            return Meaning(path=path)
        self.require_key(base.node, str(name), expression)
        self.fields[path] = None
        return Meaning(node, path)

    def require_key(self, mapping: Node, key: str, expression: Member) -> None:
        """Name a key that no letter can have, with the one that was probably meant."""
        known = None if mapping.keys is None else self.keys.get(mapping.keys)
        if known is not None and key not in known:
            meant = self.meant(key, known)
            suggestion = None if meant is None else f'{source_of(expression.node)}["{meant}"]'
            self.fault("letter_code_unknown", source_of(expression), suggestion)

    def unknown_member(self, expression: Member, name: str, known: Collection[str]) -> None:
        """Name a member that is none, with the whole path that was probably meant, as it would be written."""
        meant = self.meant(name, known)
        suggestion = None if meant is None else f"{source_of(expression.node)}.{meant}"
        self.fault("field_unknown", source_of(expression), suggestion)


def source_of(expression: nodes.Node) -> str:
    """An expression as it was written, about; of a part that has no words, its kind."""
    if isinstance(expression, nodes.Name):
        return expression.name
    if isinstance(expression, nodes.Const):
        return repr(expression.value)
    if isinstance(expression, nodes.Getattr):
        return f"{source_of(expression.node)}.{expression.attr}"
    if isinstance(expression, nodes.Getitem):
        return f"{source_of(expression.node)}[{source_of(expression.arg)}]"
    if isinstance(expression, nodes.Call):
        return f"{source_of(expression.node)}(…)"
    if isinstance(expression, nodes.Filter) and expression.node is not None:
        return f"{source_of(expression.node)} | {expression.name}"
    if isinstance(expression, nodes.BinExpr):
        return f"{source_of(expression.left)} {expression.operator} {source_of(expression.right)}"
    if isinstance(expression, nodes.CondExpr):
        rest = "" if expression.expr2 is None else f" else {source_of(expression.expr2)}"
        return f"{source_of(expression.expr1)} if {source_of(expression.test)}{rest}"
    return type(expression).__name__.lower()


@singledispatch
def reading(expression: nodes.Node, reader: ExpressionReader) -> Meaning:
    """What a kind of expression stands for; those of which nothing is said below are forbidden."""
    reader.fault("expression_forbidden", source_of(expression))
    return Meaning()


@reading.register
def _(expression: nodes.Name, reader: ExpressionReader) -> Meaning:
    return reader.found(expression.name)


@reading.register
def _(expression: nodes.Const, _: ExpressionReader) -> Meaning:
    return NUMBER if isinstance(expression.value, int | float) else TEXT


@reading.register
def _(expression: nodes.Getattr, reader: ExpressionReader) -> Meaning:
    base = reader.read(expression.node)
    return reader.member(base, expression.attr, f"{base.path}.{expression.attr}", expression)


@reading.register
def _(expression: nodes.Getitem, reader: ExpressionReader) -> Meaning:
    base = reader.read(expression.node)
    if isinstance(expression.arg, nodes.Slice):
        reading_of_parts(expression.arg, reader)
        if base.node is not None and base.node.shape != "list":
            reader.fault("field_not_list", source_of(expression))
        return base
    if not isinstance(expression.arg, nodes.Const):
        reader.read(expression.arg)
        return base.item()
    value = expression.arg.value
    path = f'{base.path}["{value}"]' if isinstance(value, str) else f"{base.path}[{value}]"
    return reader.member(base, value if isinstance(value, str | int) else None, path, expression)


@reading.register
def _(expression: nodes.Filter, reader: ExpressionReader) -> Meaning:
    base = TEXT if expression.node is None else reader.read(expression.node)
    for each in [*expression.args, *(each.value for each in expression.kwargs)]:
        reader.read(each)
    if expression.name not in FILTERS:
        reader.fault("filter_unknown", expression.name, reader.meant(expression.name, FILTERS))
        return Meaning(path=base.path)
    if not (_fits(expression) and _takes(expression.name, base.node)):
        reader.fault("filter_arguments", source_of(expression))
    if expression.name == "danh_sach":
        return base.listed()
    if expression.name in SAME:
        return base
    return base.item() if expression.name in ONE_OF else Meaning(TEXT.node, base.path)


def _takes(name: str, node: Node | None) -> bool:
    """Whether a filter takes what stands before it; of what is not known it does."""
    if node is None:
        return True
    if node.shape not in TAKEN.get(name, ("scalar",)):
        return False
    if node.item is None or name not in ("noi", "ten_gop"):
        return True
    return node.item.shape == "scalar" if name == "noi" else node.item.step("short_name") is not None


def _fits(expression: nodes.Filter) -> bool:
    """Whether a filter takes what it is given behind its name; constants are tried."""
    function = FILTERS[expression.name]
    named = {str(each.key): each.value for each in expression.kwargs}
    try:
        signature(function).bind(None, *expression.args, **named)
        if all(_is_constant(each) for each in (*expression.args, *named.values())):
            constants = {name: each.as_const() for name, each in named.items()}
            function(TRIED.get(expression.name, LARGE), *(each.as_const() for each in expression.args), **constants)
    except (*RAISED, nodes.Impossible):
        return False
    return expression.dyn_args is None and expression.dyn_kwargs is None


def _is_constant(expression: nodes.Node) -> bool:
    """Whether it is a figure or text that is written out, or one with a minus before it."""
    return isinstance(expression.node if isinstance(expression, nodes.Neg) else expression, nodes.Const)


@reading.register
def _(expression: nodes.Test, reader: ExpressionReader) -> Meaning:
    reader.read(expression.node)
    if expression.name not in TESTS or expression.args or expression.kwargs or expression.dyn_args:
        reader.fault("expression_forbidden", f"is {expression.name}", reader.meant(expression.name, TESTS))
    return TEXT


@reading.register
def _(expression: nodes.CondExpr, reader: ExpressionReader) -> Meaning:
    reader.read(expression.test)
    branches = [reader.read(each) for each in (expression.expr1, expression.expr2) if each is not None]
    return next((each for each in branches if not each.is_printable), branches[0])


@reading.register(nodes.List)
@reading.register(nodes.Tuple)
@reading.register(nodes.Compare)
@reading.register(nodes.And)
@reading.register(nodes.Or)
@reading.register(nodes.Not)
@reading.register(nodes.Neg)
def reading_of_parts(expression: nodes.Node, reader: ExpressionReader) -> Meaning:
    """What is made of other expressions is a yes or a no, a text, or a list of such."""
    for each in expression.iter_child_nodes():
        reader.read(each.expr if isinstance(each, nodes.Operand) else each)
    return TEXTS if isinstance(expression, nodes.List | nodes.Tuple) else TEXT
