"""What classes demand beyond a total, points in single criteria, and who falls short (docs/domain.md, Classes)."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from app.domain.figures import SCALE, scaled, unscaled
from app.domain.frameworks.framework import Band, Requirement
from app.domain.frameworks.tree import nodes_of
from app.domain.scoring.arithmetic import Mask
from app.domain.scoring.board import Board
from app.domain.scoring.sentences import name_in, say_number
from app.errors import Language, Text

NOTHING: Mapping[str, object] = MappingProxyType({})
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


DEMANDED = Text(
    "criterion “{criterion}” has {points} of at least {least} points",
    "tiêu chí “{criterion}” mới được {points} điểm, dưới mức yêu cầu {least} điểm",
)
DEMANDED_UNKNOWN = Text(
    "criterion “{criterion}” needs at least {least} points and has none",
    "tiêu chí “{criterion}” chưa có điểm, trong khi yêu cầu ít nhất {least} điểm",
)


def sentence_of_demands(board: Board, unit: int, band: Band, language: Language) -> str:
    """What a unit lacks of what a class demands in single criteria; empty where that is nothing."""
    lacking = [each for each in band.requires if _short(board, each)[unit]]
    return "; ".join(_said(board, unit, each, (DEMANDED, DEMANDED_UNKNOWN), language) for each in lacking)


def sentence_of_limit(board: Board, unit: int, band: Band, reached: Band, language: Language) -> str:
    """Why a unit stands in a lower class than its total reaches, by the first criterion that falls short."""
    lacking = next(each for each in reached.requires if _short(board, each)[unit])
    between = {"band": name_in(band.name, language), "reached": name_in(reached.name, language)}
    return _said(board, unit, lacking, (LIMITED, LIMITED_UNKNOWN), language, between)


def _said(
    board: Board,
    unit: int,
    lacking: Requirement,
    texts: tuple[Text, Text],
    language: Language,
    between: Mapping[str, object] = NOTHING,
) -> str:
    """One demand, with the first text where the criterion has points, else with the second."""
    node, decimals = board.nodes[lacking.criterion], board.framework.rounding.component
    name = next(each.name for each in nodes_of(board.framework) if each.code == lacking.criterion)
    words = {**between, "criterion": name_in(name, language), "least": say_number(lacking.min, language)}
    if not node.known[unit]:
        return texts[1].render(language, words)
    points = say_number(unscaled(int(node.points[unit]), decimals), language)
    return texts[0].render(language, {**words, "points": points})
