"""Whether a filter of a template takes what stands before it and what it is given, and what it gives."""

from collections.abc import Mapping
from decimal import Decimal
from inspect import signature

from jinja2 import nodes

from app.reports.fields.vocabulary import Node, Shape
from app.reports.templates.meaning import TEXT, Meaning
from app.reports.templates.sandbox import FILTERS, RAISED

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


def given(name: str, base: Meaning) -> Meaning:
    """What a filter gives of what stands before it."""
    if name == "danh_sach":
        return base.listed()
    if name in SAME:
        return base
    return base.item() if name in ONE_OF else Meaning(TEXT.node, base.path)


def takes(name: str, node: Node | None) -> bool:
    """Whether a filter takes what stands before it; of what is not known it does."""
    if node is None:
        return True
    if node.shape not in TAKEN.get(name, ("scalar",)):
        return False
    if node.item is None or name not in ("noi", "ten_gop"):
        return True
    return node.item.shape == "scalar" if name == "noi" else node.item.step("short_name") is not None


def fits(expression: nodes.Filter) -> bool:
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
