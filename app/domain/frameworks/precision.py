"""Points stay on their scale: no stated points are finer than what points are rounded to (docs/domain.md, Points)."""

from collections.abc import Iterator
from decimal import Decimal

from app.domain.frameworks.criteria import CriterionNode, nodes, total_max
from app.domain.frameworks.document_part import DocumentPart, fault, plain
from app.domain.frameworks.readable import stated_decimals
from app.errors import ErrorCode, Fault

POINTS_TOO_FINE = ErrorCode(
    "points_too_fine",
    "{where}: “{field}” is {figure}, and points are rounded to {decimals} decimals here, so nobody could have exactly "
    "as many. Round the number, or raise `rounding.{step}`.",
    "{where}: “{field}” là {figure} trong khi điểm ở đây được làm tròn đến {decimals} chữ số thập phân nên không "
    "đơn vị nào đạt đúng số điểm này. Hãy làm tròn số này hoặc tăng `rounding.{step}`.",
)


def precision_faults(document: DocumentPart) -> Iterator[Fault]:
    """Every `max` and every step that rounding would move, of criteria by `component`, of the total by `total`."""
    for node in nodes(document):
        step = "total" if node.is_total else "component"
        decimals = stated_decimals(document, step)
        if decimals is None:
            continue
        for part, name in _stated_points(node):
            figure = part.figure(name)
            if figure is not None and _is_finer(figure, decimals):
                yield _too_fine(f"{part.pointer}/{name}", node.label, name, figure, decimals, step)
    yield from _added_up(document)


def _stated_points(node: CriterionNode) -> Iterator[tuple[DocumentPart, str]]:
    yield node.part, "max"
    for rule in node.rules:
        if rule.text("kind") == "steps":
            yield from ((each, "points") for each in rule.parts("steps"))
            yield rule, "otherwise"
        if rule.text("kind") == "piecewise":
            yield from ((each, "points") for each in rule.parts("points"))


def _added_up(document: DocumentPart) -> Iterator[Fault]:
    """The total of a document that leaves it to its criteria."""
    decimals, most = stated_decimals(document, "total"), total_max(document)
    if decimals is None or most is None or document.part("total").has("max") or not _is_finer(most, decimals):
        return
    yield _too_fine("/total", "total", "max", most, decimals, "total")


def _too_fine(place: str, where: str, field: str, figure: Decimal, decimals: int, step: str) -> Fault:
    shown = plain(figure)
    return fault(POINTS_TOO_FINE, place, where=where, field=field, figure=shown, decimals=decimals, step=step)


def _is_finer(figure: Decimal, decimals: int) -> bool:
    return figure != round(figure, decimals)
