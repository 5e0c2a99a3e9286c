"""What an expression of a template asks for: the field of the vocabulary that it names, and what is wrong with it.

Nothing is executed: the syntax tree is walked, and only what is listed here may stand in it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import singledispatch

from jinja2 import nodes

from app.answers.field_kinds import KnownKeys
from app.domain.suggest import Speller, misread
from app.reports.fields.vocabulary import ROOT, Node
from app.reports.templates.applied_filters import fits, given, takes
from app.reports.templates.meaning import LOOP_STATE, NUMBER, TEXT, TEXTS, Meaning, one_of
from app.reports.templates.sandbox import FILTERS, LOOP, TESTS

LONGEST = 100
Member = nodes.Getattr | nodes.Getitem


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
        if not meaning.is_listed:
            self.fault("field_not_list", source_of(expression))
            return Meaning()
        return meaning.item()

    def fault(self, code: str, field: str, suggestion: str | None = None) -> None:
        found = ExpressionFault(code, field[:LONGEST], suggestion)
        if self.faults[-1:] != [found]:  # a fault of each branch of a choice is one of what is written
            self.faults.append(found)

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
    bases = reader.read(expression.node).branches
    name = expression.attr
    return one_of(reader.member(base, name, f"{base.path}.{name}", expression) for base in bases)


@reading.register
def _(expression: nodes.Getitem, reader: ExpressionReader) -> Meaning:
    base = reader.read(expression.node)
    if isinstance(expression.arg, nodes.Slice):
        reading_of_parts(expression.arg, reader)
        if any(each.node is not None and each.node.shape != "list" for each in base.branches):
            reader.fault("field_not_list", source_of(expression))
        return base
    if not isinstance(expression.arg, nodes.Const):
        reader.read(expression.arg)
        return base.item()
    value = expression.arg.value
    name = value if isinstance(value, str | int) else None
    step = f'["{value}"]' if isinstance(value, str) else f"[{value}]"
    return one_of(reader.member(each, name, f"{each.path}{step}", expression) for each in base.branches)


@reading.register
def _(expression: nodes.Filter, reader: ExpressionReader) -> Meaning:
    base = TEXT if expression.node is None else reader.read(expression.node)
    for each in [*expression.args, *(each.value for each in expression.kwargs)]:
        reader.read(each)
    if expression.name not in FILTERS:
        reader.fault("filter_unknown", expression.name, reader.meant(expression.name, FILTERS))
        return Meaning(path=base.path)
    if not (fits(expression) and all(takes(expression.name, each.node) for each in base.branches)):
        reader.fault("filter_arguments", source_of(expression))
    return given(expression.name, base)


@reading.register
def _(expression: nodes.Test, reader: ExpressionReader) -> Meaning:
    reader.read(expression.node)
    if expression.name not in TESTS or expression.args or expression.kwargs or expression.dyn_args:
        reader.fault("expression_forbidden", f"is {expression.name}", reader.meant(expression.name, TESTS))
    return TEXT


@reading.register
def _(expression: nodes.CondExpr, reader: ExpressionReader) -> Meaning:
    reader.read(expression.test)
    said = [each for each in (expression.expr1, expression.expr2) if each is not None]
    branches = [(each, reader.read(each)) for each in said]
    return one_of([found for each, found in branches if not _is_nothing(each)] or [TEXT])


def _is_nothing(expression: nodes.Expr) -> bool:
    """Whether it is what one writes for nothing: it prints as nothing, and a loop over it has no round."""
    return isinstance(expression, nodes.Const) and expression.value in ("", None)


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
