"""What is asked of a whole framework: its criteria and rules, whether it compares units, and for which levels alike."""

from collections.abc import Iterator, Sequence

from app.domain.frameworks.framework import Adjustment, Criterion, Framework, Name, rules_of
from app.domain.frameworks.rules import AnyRule, Normalise
from app.domain.vocabulary import Level


def nodes_of(node: Framework | Criterion) -> Iterator[Criterion]:
    """Every criterion below a node, parents first."""
    for child in node.criteria:
        yield child
        yield from nodes_of(child)


def rules_within(node: Framework | Criterion) -> list[AnyRule]:
    """Every rule of a node and of all that is below it."""
    return [rule for each in (node, *nodes_of(node)) for rule in rules_of(each)]


def compares_units(node: Framework | Criterion) -> bool:
    """Whether any points of a node hang on the figures of other units."""
    return any(isinstance(rule, Normalise) and rule.compares for rule in rules_within(node))


def levels_alike(framework: Framework, levels: Sequence[Level]) -> list[tuple[Framework, list[Level]]]:
    """The framework as it reads for each of the levels, those for which it reads alike together."""
    found: dict[int, tuple[Framework, list[Level]]] = {}
    for level in levels:
        read = framework.at(level)
        found.setdefault(id(read), (read, []))[1].append(level)
    return list(found.values())


def adjustment_name(framework: Framework, adjustment: Adjustment) -> Name:
    """What an adjustment is called: as stated, else as its indicator is, else by its code."""
    names = (each.name for each in framework.indicators if each.code == adjustment.indicator)
    return adjustment.name or next(names, Name(vi=adjustment.indicator))
