"""What stands for an expression of a template: the field that it names, or one of several."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from types import GenericAlias
from typing import Final, get_args

from app.reports.fields.vocabulary import Node

MOST_BRANCHES: Final = 64
"""So many meanings of one expression are judged: choices within choices multiply them."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What stands for an expression: its field (None: not known, or of no field), and the path that leads there.

    `others`: what may stand there instead, where a figure of the letter decides.
    """

    node: Node | None = None
    path: str = ""
    others: tuple["Meaning", ...] = ()

    @property
    def branches(self) -> tuple["Meaning", ...]:
        """All that it may be."""
        return (self, *self.others)

    @property
    def is_printable(self) -> bool:
        """Whether it is one figure or text in each case; what is not known may be."""
        return all(each.node is None or each.node.shape == "scalar" for each in self.branches)

    @property
    def is_listed(self) -> bool:
        """Whether it holds several figures in each case; what is not known may."""
        return all(each.node is None or each.node.item is not None for each in self.branches)

    def item(self) -> "Meaning":
        """What a loop over it gives."""
        return one_of(
            Meaning(None if each.node is None else each.node.item, f"{each.path}[]") for each in self.branches
        )

    def listed(self) -> "Meaning":
        """What `danh_sach` gives: the items of a list or mapping, as a list."""
        return one_of(map(_listed, self.branches))


def _listed(one: Meaning) -> Meaning:
    if one.node is None or one.node.shape != "mapping":
        return one
    return Meaning(Node(GenericAlias(list, get_args(one.node.declared)[-1:])), one.path)


def one_of(meanings: Iterable[Meaning]) -> Meaning:
    """Each of several that may stand there, once; the first speaks for them.

    Of those that are not known one is enough: nothing is said of any.
    """
    found: dict[tuple[str, str] | None, Meaning] = {}
    for meaning in meanings:
        for each in meaning.branches:
            found.setdefault(None if each.node is None else (each.path, each.node.shape), each)
    first, *rest = islice(found.values(), MOST_BRANCHES)
    return replace(first, others=tuple(replace(each, others=()) for each in rest)) if rest or first.others else first


TEXT = Meaning(Node(str, kind="text"))
NUMBER = Meaning(Node(int, kind="count"))
TEXTS = Meaning(Node(list[str]))
LOOP_STATE = Meaning(path="loop")
