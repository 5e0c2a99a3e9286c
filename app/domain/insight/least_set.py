"""The least set of cases over several figures: exactly where points add up and the work is bounded, else greedily.

Exactly: every attainable gain of every figure is looked up in the real scores (the fewest cases that bring it), and the
cheapest combination is found by dynamic programming over the points that are lacking. Greedily: whatever brings most
points a case first, and what that did not need is taken back; the answer is a set that suffices and of which no figure
can do less, not certainly the least.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

import numpy as np

from app.domain.insight.single import Reach, one_a_figure
from app.domain.insight.variants import Variants, least_passing
from app.domain.scoring.arithmetic import Ints, Mask

Method = Literal["exact", "greedy"]
OPTIONS = 10_000
"""So many gains of all figures together are weighed up exactly; where there are more, the set is found greedily."""
WORK = 40_000_000
"""As many steps of the dynamic programme, gains times points lacking, at most: a fraction of a second."""
LEVERS = 500
"""So many figures at most: their cases together stay within 64 bits."""
SAMPLES = 8
"""At how many places a figure's gain a case is looked at."""
PARTS = 1024
"""Into so many parts the ways of all figures are cut where they are moved together."""
SHORTENED = 48
"""So many figures of a set, those with most cases, are moved as little as will do."""
NEVER = 2**62


@dataclass(frozen=True, slots=True)
class LeastSet:
    """How far each lever is moved, in the order of the levers; 0: not at all."""

    steps: Ints
    method: Method


def least_set(variants: Variants, reaches: Sequence[Reach]) -> LeastSet | None:
    """A set of steps that reaches the goal, of levers that are counted in cases; None where they do not suffice."""
    counted = [place for place in one_a_figure(variants, reaches) if variants.levers[place].counted_in == "cases"]
    exact = _exact(variants, reaches, [place for place in counted if reaches[place].gain])
    if exact is not None:
        return LeastSet(exact, "exact")
    able = [place for place in counted if reaches[place].best]
    found = _greedy(variants, reaches, able) if able else None
    found = None if found is None else _without_waste(variants, found)
    alone = min(
        (place for place in able if reaches[place].steps), key=lambda each: reaches[each].steps or 0, default=None
    )
    if alone is not None and (found is None or (reaches[alone].steps or 0) < found.sum()):
        found = np.zeros(len(variants.levers), dtype=np.int64)
        found[alone] = reaches[alone].steps
    return None if found is None else LeastSet(found, "greedy")


def _exact(variants: Variants, reaches: Sequence[Reach], able: Sequence[int]) -> Ints | None:
    """The least set for certain; None where that cannot be said, or not with a bounded amount of work."""
    goal, rounding = None if variants.goal is None else variants.goal.points, variants.framework.rounding
    adds_up = all(variants.levers[place].adds_up and variants.levers[place].proven for place in able)
    if not able or goal is None or not adds_up or rounding.component > rounding.total:
        return None
    lacking = goal - int(variants.now().total.points[0])
    gains = [min(reaches[place].gain, lacking) for place in able]
    options = sum(gains)
    if len(able) > LEVERS or options > OPTIONS or options * lacking > WORK or not 0 < lacking <= options:
        return None
    costs = _costs(variants, reaches, able, gains)
    steps = np.zeros((1, len(variants.levers)), dtype=np.int64)
    for place, cost, gain in zip(able, costs, _cheapest(costs, lacking), strict=True):
        steps[0, place] = cost[gain - 1] if gain else 0
    return steps[0] if variants.reached(variants.board(steps))[0] else None


def _costs(variants: Variants, reaches: Sequence[Reach], able: Sequence[int], gains: Sequence[int]) -> list[Ints]:
    """Of each lever the fewest steps that bring 1, 2, 3 … units of the total's last decimal."""
    rounding, levers = variants.framework.rounding, np.array(able)
    owner, gain = np.repeat(levers, gains), np.concatenate([np.arange(1, each + 1) for each in gains])
    coarser = 10 ** (rounding.total - rounding.component)
    now = np.repeat(variants.own_points(levers, np.zeros_like(levers)), gains)
    wanted = now + (gain + coarser - 1) // coarser
    high = np.repeat(np.array([reaches[place].best for place in able]), gains)
    fewest = least_passing(
        np.zeros_like(high), high, lambda each, step: variants.own_points(owner[each], step) >= wanted[each]
    )
    return np.split(fewest, np.cumsum(gains)[:-1])


def _cheapest(costs: Sequence[Ints], lacking: int) -> list[int]:
    """Of each lever the gain to take, so that all together bring what is lacking with the fewest steps, of few levers.

    >>> _cheapest([np.array([1, 10]), np.array([2, 4])], 3), _cheapest([np.array([1, 3]), np.array([1, 2])], 2)
    ([1, 2], [0, 2])
    """
    least = np.full(lacking + 1, NEVER, dtype=np.int64)
    least[0] = 0
    points = np.arange(lacking + 1)
    taken = np.zeros((len(costs), lacking + 1), dtype=np.int32)
    for place, cost in enumerate(costs):
        before = least.copy()
        last = np.flatnonzero(np.append(cost[1:] != cost[:-1], True))  # of gains that cost the same, the largest
        for gain, price in zip((last + 1).tolist(), cost[last].tolist(), strict=True):
            offered = before[np.maximum(points - gain, 0)] + price * (len(costs) + 1) + 1
            better = offered < least
            least[better], taken[place, better] = offered[better], gain
    chosen, left = [], lacking
    for place in reversed(range(len(costs))):
        chosen.append(int(taken[place, left]))
        left = max(0, left - chosen[-1])
    return chosen[::-1]


def _greedy(variants: Variants, reaches: Sequence[Reach], able: Sequence[int]) -> Ints | None:
    """Moves that bring most points a case first, looked up twice; else all figures together."""
    places, best = np.array(able), np.array([reaches[place].best for place in able])
    steps = np.zeros(len(variants.levers), dtype=np.int64)
    for _ in range(2):
        moves = _moves(variants, steps, places, best)
        rows = np.repeat(steps[None, :], len(moves), axis=0)
        for row, (place, to) in enumerate(moves):
            rows[row:, place] = to
        reached = np.flatnonzero(variants.reached(variants.board(rows)))
        if reached.size:
            row = int(reached[0])
            return _shortened(variants, rows[row - 1] if row else steps, *moves[row])
        steps = rows[-1] if moves else steps
    return _together(variants, places, best)


def _together(variants: Variants, places: Ints, best: Ints) -> Ints | None:
    """Every figure the same part of its way, as little of that as reaches the goal; then single ones less."""

    def moved(parts: Ints) -> Ints:
        rows = np.zeros((len(parts), len(variants.levers)), dtype=np.int64)
        rows[:, places] = -(-best * parts[:, None] // PARTS)
        return rows

    whole = np.array([PARTS])
    if not variants.reached(variants.board(moved(whole)))[0]:
        return None
    part = least_passing(
        np.zeros(1, dtype=np.int64), whole, lambda _, step: variants.reached(variants.board(moved(step)))
    )
    steps: Ints = moved(part)[0]
    return steps


def _without_waste(variants: Variants, steps: Ints) -> Ints:
    """The same set without the figures that it does not need, and of the others, dearest first, no case too many."""
    moved = np.flatnonzero(steps)
    while moved.size > 1:
        idle = variants.reached(variants.board(_changed(steps, moved, np.zeros_like(moved))))
        if not idle.any():
            break
        steps = steps.copy()
        steps[max(moved[idle].tolist(), key=lambda place: int(steps[place]))] = 0
        moved = np.flatnonzero(steps)
    for place in sorted(moved.tolist(), key=lambda each: -int(steps[each]))[:SHORTENED]:
        least = steps.copy()
        least[place] = 0
        steps = _shortened(variants, least, place, int(steps[place]))
    return steps


def _changed(steps: Ints, places: Ints, to: Ints) -> Ints:
    """The same steps in every row, but for one lever in each."""
    rows = np.repeat(steps[None, :], len(places), axis=0)
    rows[np.arange(len(places)), places] = to
    return rows


def _shortened(variants: Variants, before: Ints, place: int, to: int) -> Ints:
    """The steps before the last move and as little of it as reaches the goal."""
    places = np.array([place])

    def passes(who: Ints, step: Ints) -> Mask:
        return variants.reached(variants.board(_changed(before, places[who], step)))

    found: Ints = _changed(before, places, least_passing(before[places], np.array([to]), passes))[0]
    return found


def _moves(variants: Variants, steps: Ints, places: Ints, best: Ints) -> list[tuple[int, int]]:
    """Of each lever the move that brings most points a case from here, the best first."""
    start = int(variants.board(steps[None, :]).total.points[0])

    def gained(who: Ints, step: Ints) -> Ints:
        gain: Ints = variants.board(_changed(steps, places[who], step)).total.points - start
        return gain

    parts = np.arange(1, SAMPLES + 1)[:, None]
    tried = steps[places] + (best - steps[places]) * parts // SAMPLES
    gains = gained(np.tile(np.arange(len(places)), SAMPLES), tried.ravel()).reshape(tried.shape)
    offers = [
        _best_offer(gains[:, who].tolist(), (tried[:, who] - steps[place]).tolist()) for who, place in enumerate(places)
    ]
    order = sorted((who for who, offer in enumerate(offers) if offer.rate), key=lambda who: -offers[who].rate)
    if not order:
        return []
    moved, low = places[order], steps[places[order]]
    high = low + np.array([offers[each].cases for each in order], dtype=np.int64)
    wanted = variants.own_points(places[order], high)
    fewest = least_passing(low, high, lambda each, step: variants.own_points(moved[each], step) >= wanted[each])
    return list(zip(moved.tolist(), fewest.tolist(), strict=True))


class _Offer(NamedTuple):
    """So many cases and what they bring a case, 0 where they bring nothing."""

    rate: Fraction
    cases: int


def _best_offer(gains: Sequence[int], cases: Sequence[int]) -> _Offer:
    offers = [
        _Offer(Fraction(gain, case), case) for gain, case in zip(gains, cases, strict=True) if gain > 0 and case > 0
    ]
    return max(offers, default=_Offer(Fraction(0), 0))
