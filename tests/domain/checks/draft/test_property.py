"""A draft made consistent by construction has no finding; one figure changed beyond its rounding has one that names it.

And whatever is sent, the checks answer, in time that grows with the draft.
"""

import copy
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.checks.draft.cells import printed_text, read_change, read_points
from app.domain.checks.draft.check import check
from app.domain.checks.draft.draft import Draft
from app.domain.frameworks.framework import Framework
from app.domain.garbled import find_garbled
from tests.support.drafts import rules_of
from tests.support.published import shipped

QD766: Framework = shipped("qd766@2022")
COMPUTED = shipped("qd766@2026")
GROUPS = {top.code: int(QD766.max_of(top)) for top in QD766.criteria}
CLASSES = ("excellent", "good", "fair", "average", "weak")
COUNTS = st.integers(1, 2000)
Step = str | int
Figure = tuple[Sequence[Step], Callable[[str], str], set[str]]
"""A figure's way into the draft, how to print it wrong, and the refs that may name it then."""


def findings(draft: dict[str, Any]) -> set[tuple[str, str]]:
    rules = rules_of(QD766)
    return {(each.ref, each.rule) for each in check(Draft.model_validate(draft), rules)}


def moved(by: str) -> Callable[[str], str]:
    """Print a change so much larger."""
    return lambda text: printed_text((read_change(text).value or Fraction(0)) + Fraction(by), 2, sign=True)


def elsewhere(by: str, most: int) -> Callable[[str], str]:
    """Print points, or a rate, so much larger, or smaller where there is no room above."""

    def change(text: str) -> str:
        value, step = read_points(text.removesuffix("%")).value, Fraction(by)
        assert value is not None
        return printed_text(value + step if value + step <= most else value - step, 2, percent="%" in text)

    return change


def printed(points: Fraction) -> Fraction:
    """Points as they are printed, with one decimal."""
    return read_points(printed_text(points, 1)).value or Fraction(0)


def more(text: str) -> str:
    """Print a count so much larger that no rounding hides it."""
    number, _, whole = text.replace(".", "").partition("/")
    return f"{2 * int(number) + 5000}" + (f"/{whole}" if whole else "")


@st.composite
def parts(draw: st.DrawFn, name: str) -> tuple[list[dict[str, Any]], list[Figure]]:
    """The shares of one whole in two periods, with rates of two decimals and their changes."""
    size = draw(st.integers(2, 4))
    now, before = (draw(st.lists(COUNTS, min_size=size, max_size=size)) for _ in range(2))
    rows = []
    for place, (new, old) in enumerate(zip(now, before, strict=True)):
        rates = [Fraction(100 * new, sum(now)), Fraction(100 * old, sum(before))]
        rows.append(
            {
                "ref": f"{name}.{place}",
                "part_of": name,
                "now": {"count": printed_text(Fraction(new), 0), "rate": printed_text(rates[0], 2, percent=True)},
                "before": {"count": printed_text(Fraction(old), 0), "rate": printed_text(rates[1], 2, percent=True)},
                "change": printed_text(rates[0] - rates[1], 2, percent=True, sign=True),
            }
        )
    figures: list[Figure] = []
    for place in range(size):
        own = {f"{name}.{place}", name}
        for side in ("now", "before"):
            figures += [((place, side, "rate"), elsewhere("0.04", 100), own), ((place, side, "count"), more, own)]
        figures.append(((place, "change"), moved("0.04"), own))
    return rows, figures


@st.composite
def scores(draw: st.DrawFn) -> tuple[dict[str, Any], list[Figure]]:
    """Exact points in thousandths, printed with one decimal; totals with two; a rank in a cohort.

    Changes are those of the printed points, as letters print them: what they imply for the month before is then within
    half a unit a group of its total (rounded on their own they could stray twice as far, which is a finding).
    """
    exact = {
        code: [Fraction(draw(st.integers(0, 1000 * most)), 1000) for _ in range(2)] for code, most in GROUPS.items()
    }
    total, before = (sum((pair[side] for pair in exact.values()), Fraction(0)) for side in range(2))
    size = draw(st.integers(1, 200))
    rank, rank_before = draw(st.integers(1, size)), draw(st.integers(1, size))
    part: dict[str, Any] = {
        "groups": {
            code: {"points": printed_text(new, 1), "change": printed_text(printed(new) - printed(old), 1, sign=True)}
            for code, (new, old) in exact.items()
        },
        "totals": [printed_text(total, 2), printed_text(total, 1)],
        "total_before": printed_text(before, 2),
        "total_change": printed_text(total - before, 2, sign=True),
        "rank": f"{rank:02}/{size}",
        "rank_before": f"{rank_before}",
        "rank_change": f"{rank_before - rank:+}",
    }
    figures: list[Figure] = []
    for code, most in GROUPS.items():
        figures.append((("groups", code, "points"), elsewhere("0.7", most), {code, "total"}))
        figures.append((("groups", code, "change"), moved("1.3"), {code, "total"}))
    figures += [(("totals", place), elsewhere("0.7", 100), {"total"}) for place in (0, 1)]
    figures += [(("total_before",), elsewhere("0.7", 100), {"total"}), (("total_change",), moved("0.2"), {"total"})]
    figures += [((name,), more, {"rank"}) for name in ("rank", "rank_before")]
    figures.append((("rank_change",), lambda text: f"{int(text) + 1:+}", {"rank"}))
    return part, figures


@st.composite
def lists(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[Figure]]:
    numbers = draw(st.lists(COUNTS, min_size=1, max_size=6))
    one = {
        "ref": "late",
        "stated_sum": printed_text(Fraction(sum(numbers)), 0),
        "stated_units": f"{len(numbers):02}",
        "items": [{"name": f"Xã {place}", "count": f"{number}"} for place, number in enumerate(numbers)],
    }
    figures: list[Figure] = [((0, name), more, {"late"}) for name in ("stated_sum", "stated_units")]
    figures += [((0, "items", place, "count"), more, {"late"}) for place in range(len(numbers))]
    return [one], figures


@st.composite
def classes(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[Figure]]:
    numbers = [draw(st.integers(0, 170)) for _ in CLASSES]
    counts = {code: f"{number:02}/{sum(numbers)}" for code, number in zip(CLASSES, numbers, strict=True)}
    figures: list[Figure] = [((0, "counts", code), more, {"all"}) for code in CLASSES]
    return [{"ref": "all", "stated_of": f"{sum(numbers)}", "counts": counts}], [
        *figures,
        ((0, "stated_of"), more, {"all"}),
    ]


@st.composite
def drafts(draw: st.DrawFn) -> tuple[dict[str, Any], list[Figure]]:
    """A consistent draft, and every figure that may be printed wrong."""
    (first, ones), (second, others) = draw(parts("1")), draw(parts("2"))
    shifted: list[Figure] = [((int(place) + len(first), *way), change, refs) for (place, *way), change, refs in others]
    found = {"rows": ([*first, *second], [*ones, *shifted])}
    found |= {"scores": draw(scores()), "lists": draw(lists()), "classes": draw(classes())}  # type: ignore[dict-item]
    moment = [{"ref": "head", "text": f"ngày {draw(st.integers(1, 29))}/02/2024"}]
    earlier: list[Figure] = [((0, "text"), lambda text: text.replace("/02/", "/01/"), {"head"})]
    found["moments"] = (moment, earlier)
    draft = {name: part for name, (part, _) in found.items()}
    return draft, [((name, *way), change, refs) for name, (_, all) in found.items() for way, change, refs in all]


def misprinted(draft: dict[str, Any], figure: Figure) -> dict[str, Any]:
    """The draft with one figure printed wrong."""
    wrong = copy.deepcopy(draft)
    (*way, last), change, _ = figure
    place: Any = wrong
    for step in way:
        place = place[step]
    place[last] = change(place[last])
    return wrong


@given(drafts())
@settings(max_examples=60, deadline=None)
def test_a_consistent_draft_has_no_finding(made: tuple[dict[str, Any], list[Figure]]) -> None:
    assert findings(made[0]) == set()


@given(drafts(), st.data())
@settings(max_examples=150, deadline=None)
def test_one_figure_changed_beyond_its_rounding_is_named(
    made: tuple[dict[str, Any], list[Figure]], data: st.DataObject
) -> None:
    draft, figures = made
    figure = data.draw(st.sampled_from(figures))

    found = findings(misprinted(draft, figure))

    assert found, figure[0]
    assert {ref for ref, _ in found} & figure[2], (figure[0], found)


TEXT = st.text(max_size=80).filter(lambda text: find_garbled(text) is None)  # which is refused before any check
ANYTHING = st.none() | TEXT | st.text("0123456789.,/%+-−– tănggiảm", max_size=12)
SIDE = st.fixed_dictionaries({"count": ANYTHING, "rate": ANYTHING})
REF = st.sampled_from(["a", "b", "c"])
ROW = st.fixed_dictionaries(
    {"ref": REF, "now": SIDE, "before": SIDE, "change": ANYTHING},
    optional={"part_of": REF, "base": REF, "same_as": REF, "indicator": st.sampled_from(["on_time", "total_points"])},
)
GROUP = st.fixed_dictionaries({"points": ANYTHING, "change": ANYTHING})
HOSTILE = st.fixed_dictionaries(
    {
        "rows": st.lists(ROW, max_size=6),
        "scores": st.fixed_dictionaries(
            {
                "groups": st.dictionaries(st.sampled_from(list(GROUPS)), GROUP),
                "totals": st.lists(TEXT, max_size=3),
                **dict.fromkeys(["total_before", "total_change", "rank", "rank_before", "rank_change"], ANYTHING),
            }
        ),
        "lists": st.lists(
            st.fixed_dictionaries(
                {
                    "ref": REF,
                    "stated_sum": ANYTHING,
                    "stated_units": ANYTHING,
                    "items": st.lists(st.fixed_dictionaries({"name": TEXT, "count": ANYTHING}), max_size=3),
                }
            ),
            max_size=2,
        ),
        "classes": st.lists(
            st.fixed_dictionaries({"ref": REF, "stated_of": ANYTHING, "counts": st.dictionaries(REF, ANYTHING)}),
            max_size=2,
        ),
        "moments": st.lists(st.fixed_dictionaries({"ref": REF, "text": TEXT}), max_size=2),
        "bands": st.lists(st.fixed_dictionaries({"ref": REF, "min": TEXT, "max": ANYTHING}), max_size=3),
    }
)


@given(HOSTILE)
@settings(max_examples=100, deadline=None)
def test_whatever_is_printed_is_answered_in_both_languages(draft: dict[str, Any]) -> None:
    rules = rules_of(COMPUTED)

    for each in check(Draft.model_validate(draft), rules):
        assert each.detail("en")
        assert each.detail("vi")


def test_ten_thousand_rows_of_one_whole_are_read_once_each() -> None:
    row = {"ref": "r", "part_of": "w", "base": "w", "same_as": "r", "now": {"count": "99999999999", "rate": "0"}}
    draft = Draft.model_validate({"rows": [{**row, "indicator": "on_time"}] * 10_000, "scores": {}})

    found = check(draft, rules_of(QD766, None, None))

    assert {each.rule for each in found} == set()  # a rate of 0,005 % is printed 0
