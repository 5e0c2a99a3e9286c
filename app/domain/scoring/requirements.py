"""What classes demand beyond a total, points in single criteria, and who falls short (docs/domain.md, Classes)."""

from collections.abc import Iterator, Mapping

import numpy as np

from app.domain.figures import SCALE, scaled, unscaled
from app.domain.frameworks.framework import Band, Criterion, Requirement
from app.domain.scoring.arithmetic import Mask
from app.domain.scoring.board import Board
from app.domain.scoring.sentences import name_in, say_number
from app.errors import Language, Text

LIMITED = Text(
    "classed “{band}” and not “{reached}”: {criterion} has {points} of at least {least} points",
    "xếp loại “{band}”, không xếp “{reached}” vì {criterion} được {points} điểm, dưới mức yêu cầu {least} điểm",
)
LIMITED_UNKNOWN = Text(
    "classed “{band}” and not “{reached}”: {criterion}, which needs at least {least} points, has none",
    "xếp loại “{band}”, không xếp “{reached}” vì {criterion} chưa có điểm, trong khi yêu cầu ít nhất {least} điểm",
)


def unmet(board: Board) -> Mapping[int, Mask]:
    """By the position of each band that requires something, the units that miss any of it."""
    return {
        position: np.logical_or.reduce([_short(board, each) for each in band.requires])
        for position, band in enumerate(board.framework.bands)
        if band.requires
    }


def _short(board: Board, requirement: Requirement) -> Mask:
    """Who has fewer points, or none; what is left out of a unit's reckoning is not demanded of it."""
    node = board.nodes[requirement.criterion]
    least = -(-scaled(requirement.min) * 10**board.framework.rounding.component // SCALE)
    enough: Mask = node.excluded | (node.known & (node.points >= least).astype(np.bool_))
    return ~enough


def sentence_of_limit(board: Board, unit: int, band: Band, reached: Band, language: Language) -> str:
    """Why a unit stands in a lower class than its total reaches, by the first criterion that falls short."""
    lacking = next(each for each in reached.requires if _short(board, each)[unit])
    node, decimals = board.nodes[lacking.criterion], board.framework.rounding.component
    name = next(each.name for each in _criteria(board.framework.criteria) if each.code == lacking.criterion)
    words: dict[str, object] = {
        "band": name_in(band.name, language),
        "reached": name_in(reached.name, language),
        "criterion": name_in(name, language),
        "least": say_number(lacking.min, language),
    }
    if not node.known[unit]:
        return LIMITED_UNKNOWN.render(language, words)
    points = say_number(unscaled(int(node.points[unit]), decimals), language)
    return LIMITED.render(language, {**words, "points": points})


def _criteria(criteria: tuple[Criterion, ...]) -> Iterator[Criterion]:
    for each in criteria:
        yield each
        yield from _criteria(each.criteria)
