"""The four letters of 2024 and the portal's board of Gia Lai, from the figures that the demonstration ships.

Letters: Tuyên Quang of July 2024, Bình Thành of February 2024, Tuyên Quang of January 2024, Đồng Nai of Q2/2024.
Where a letter states a rank or class counts without the board behind them, the cohort here is constructed to have them.
"""

import csv
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

import pytest

from app.domain.figures import unscaled
from app.domain.frameworks.framework import Framework
from app.domain.scoring.basis import support
from app.domain.scoring.changes import Changes, ComparedBoard, DifferenceArray, compare
from app.domain.scoring.ranking import Standing, band_counts, rank_and_classify
from app.domain.scoring.score import score
from app.domain.vocabulary import Level
from tests.support.cohorts import Cell, columns_of, totals
from tests.support.published import ROOT, cell, group_points, read_csv, shipped

Figures = dict[str, dict[str, Cell]]
"""Figures by unit and indicator."""

TUYEN_QUANG, BINH_THANH = "H60", "H55.XDINHHOA.XBINHTHANH"
GROUPS = ("transparency", "progress", "online", "payment", "satisfaction", "digitization")


def demo_figures(file: str, period: str) -> Figures:
    units: Figures = {}
    for row in demo_rows(file):
        if row["period"] == period:
            figure = cell(row["numerator"], row["denominator"], row["value"])
            units.setdefault(row["unit"], {})[row["indicator"]] = figure
    return units


def demo_rows(file: str) -> list[dict[str, str]]:
    with (ROOT / "app" / "demo" / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def standing(
    framework: Framework, level: Level, figures: Mapping[str, Mapping[str, Cell]], names: Sequence[str] = ()
) -> Standing:
    indicators = sorted({indicator for unit in figures.values() for indicator in unit})
    columns = columns_of({one: [unit.get(one) for unit in figures.values()] for one in indicators})
    return rank_and_classify(score(framework, level, columns, len(figures)), list(figures), names or list(figures))


def of_letter(unit: str, level: Level, period: str) -> Standing:
    """One unit of the letters as the portal reported it."""
    return standing(shipped("qd766@2022"), level, {unit: demo_figures("figures_letters.csv", period)[unit]})


def constructed(of: int, rank: int, total: str) -> Figures:
    """Reported totals of a cohort in which the unit `ours` has its printed total and place; the others are made up."""
    steps = [Decimal(step) / 4 for step in (*range(1, rank), *range(-1, rank - of - 1, -1))]
    others: Figures = {f"other{row}": {"total_points": str(Decimal(total) + step)} for row, step in enumerate(steps)}
    return {"ours": {"total_points": total}, **others}


def side(standing: Standing) -> ComparedBoard:
    """A board to compare, as if its figures had been printed as finely as totals are."""
    return ComparedBoard(standing, support(standing.board, {}, {}))


def decimals_of(changes: Changes) -> dict[str, Decimal | None]:
    """The changes of the first unit, by group."""
    return {code: amount(change) for code, change in changes.groups.items()}


def amount(change: DifferenceArray) -> Decimal | None:
    return unscaled(int(change.points[0]), 2) if change.known[0] else None


def by_group(*figures: str) -> dict[str, Decimal]:
    return dict(zip(GROUPS, map(Decimal, figures), strict=True))


def test_tuyen_quang_july_2024_has_the_printed_total_groups_and_changes() -> None:
    now, before = (of_letter(TUYEN_QUANG, "province", period) for period in ("2024-07", "2024-06"))

    assert totals(now.board) == [Decimal("81.77")]
    assert group_points(now.board, 0) == by_group("13.2", "18.3", "7.2", "8.3", "18", "16.8")
    assert decimals_of(compare(side(now), side(before))) == by_group("0.9", "0.4", "0.1", "0", "0", "0.4")
    assert now.board.framework.bands[now.band[0]].code == "good"


def test_binh_thanh_february_2024_has_the_printed_totals_groups_and_changes() -> None:
    now, before = (of_letter(BINH_THANH, "commune", period) for period in ("2024-02", "2024-01"))
    changes = compare(side(now), side(before))

    assert (totals(now.board), totals(before.board)) == ([Decimal("86.02")], [Decimal("81.96")])
    assert group_points(now.board, 0) == by_group("11.8", "20", "6.9", "10", "18", "20.1")
    assert decimals_of(changes) == by_group("3.8", "0.9", "-0.3", "0.1", "0", "0")
    assert amount(changes.total) == Decimal("4.06")


def test_tuyen_quang_january_2024_has_the_printed_total_and_no_groups() -> None:
    board = of_letter(TUYEN_QUANG, "province", "2024-01").board

    assert totals(board) == [Decimal("67.7")]
    assert group_points(board, 0) == dict.fromkeys(GROUPS)
    assert board.coverage(0) == 1


def test_the_ranks_that_the_letters_print_are_kept_beside_the_points() -> None:
    printed = {
        (period, unit): (figures["reported_rank"], figures["reported_rank_of"])
        for period in ("2023-12", "2024-01", "2024-02", "2024-06", "2024-07")
        for unit, figures in demo_figures("figures_letters.csv", period).items()
        if "reported_rank" in figures
    }

    assert printed == {
        ("2023-12", TUYEN_QUANG): ("21", "63"),
        ("2024-01", TUYEN_QUANG): ("28", "63"),
        ("2024-01", BINH_THANH): ("22", "23"),
        ("2024-02", BINH_THANH): ("8", "23"),
        ("2024-06", TUYEN_QUANG): ("14", "63"),
        ("2024-07", TUYEN_QUANG): ("14", "63"),
    }


def test_the_overdue_dossiers_of_seven_units_are_those_of_the_province() -> None:
    overdue = {
        unit: int(figures["overdue_dossiers"] or "")
        for unit, figures in demo_figures("figures_letters.csv", "2024-01").items()
        if "overdue_dossiers" in figures
    }

    assert list(overdue.values()) == [462, 427, 1, 1, 1, 27, 1, 4]
    assert sum(count for unit, count in overdue.items() if unit != TUYEN_QUANG) == overdue[TUYEN_QUANG]


@pytest.mark.parametrize(
    ("level", "of", "before", "now", "move"),
    [
        ("province", 63, (14, "80"), (14, "81.77"), 0),
        ("commune", 23, (22, "81.96"), (8, "86.02"), 14),
        ("province", 63, (21, "70"), (28, "67.7"), -7),
    ],
    ids=["000: 14/63, as in the month before", "001: 08/23, up 14", "002: 28/63, down 07"],
)
def test_a_constructed_cohort_gives_the_printed_rank_and_move(
    level: Level, of: int, before: tuple[int, str], now: tuple[int, str], move: int
) -> None:
    earlier, later = (standing(shipped("qd766@2022"), level, constructed(of, *each)) for each in (before, now))

    changes = compare(side(later), side(earlier))

    assert (later.board.size, earlier.rank[0], later.rank[0]) == (of, before[0], now[0])
    assert (bool(changes.rank.known[0]), int(changes.rank.points[0])) == (True, move)


RATES = ("transparency_rate", "progress_rate", "digitization_rate", "online_services_rate", "satisfaction_rate")


def departments(*counts: int) -> Figures:
    """Departments constructed to stand in the five classes so many times, by the rates of their five groups."""
    rates = [rate for rate, count in zip(("95", "85", "75", "60", "40"), counts, strict=True) for _ in range(count)]
    return {f"H19.{row:02}": dict.fromkeys(RATES, rate) for row, rate in enumerate(rates, start=1)}


def reported_totals(*counts: int) -> Figures:
    """Districts or communes constructed to stand in the five classes so many times, by their reported totals."""
    points = ["90", "80", "79.99", "69.99", "49.99"]
    each = [total for total, count in zip(points, counts, strict=True) for _ in range(count)]
    return {f"H19.{row:03}": {"total_points": total} for row, total in enumerate(each, start=1)}


@pytest.mark.parametrize(
    ("level", "figures", "counts", "method"),
    [
        ("department", departments(0, 2, 4, 11, 0), [0, 2, 4, 11, 0], "computed"),
        ("district", reported_totals(0, 0, 2, 9, 0), [0, 0, 2, 9, 0], "reported"),
        ("commune", reported_totals(0, 0, 18, 150, 2), [0, 0, 18, 150, 2], "reported"),
    ],
    ids=["17 departments", "11 districts", "170 communes"],
)
def test_constructed_cohorts_of_dong_nai_have_the_class_counts_of_its_letter(
    level: Level, figures: Figures, counts: list[int], method: str
) -> None:
    placed = standing(shipped("dongnai@2024"), level, figures)

    assert band_counts(placed) == counts
    assert sum(counts) == placed.board.size == placed.ranked.sum()
    assert set(placed.board.method.tolist()) == {("reported", "computed").index(method)}


def test_seventy_five_percent_of_the_digitisation_of_a_department_is_sixteen_and_a_half() -> None:
    placed = standing(shipped("dongnai@2024"), "department", {"H19.01": {"digitization_rate": "75"}})

    assert group_points(placed.board, 0)["digitization"] == Decimal("16.5")


GIA_LAI = demo_figures("figures_gia_lai.csv", "2026")
PUBLISHED = {row["code"]: row for row in read_csv("gialai_2026-10-10.csv")}


def gia_lai(level: Level, **ranking: str) -> Standing:
    """Gia Lai's units of one level with the names that the portal gives them."""
    framework = shipped("qd766@2026")
    framework = framework.model_copy(update={"ranking": framework.ranking.model_copy(update=ranking)})
    figures = {code: GIA_LAI[code] for code, row in PUBLISHED.items() if row["level"] == level}
    return standing(framework, level, figures, [PUBLISHED[code]["name"] for code in figures])


@pytest.mark.parametrize(("level", "size"), [("commune", 135), ("department", 14)])
def test_gia_lai_stands_in_the_published_order(level: Level, size: int) -> None:
    placed = gia_lai(level, ties="ordinal")

    assert placed.board.size == size
    assert placed.rank.tolist() == [int(PUBLISHED[code]["rank_in_level"]) for code in placed.codes]


@pytest.mark.parametrize("level", ["commune", "department"])
def test_gia_lai_has_the_published_totals_and_groups(level: Level) -> None:
    board, codes = gia_lai(level).board, gia_lai(level).codes

    assert totals(board) == [Decimal(PUBLISHED[code]["total"]) for code in codes]
    for row, code in enumerate(codes):
        for theirs, ours in {"CKMB": "transparency", "TDGQ": "progress", "ONLINE": "online"}.items():
            assert group_points(board, row)[ours] == Decimal(PUBLISHED[code][theirs])


def test_twelve_ties_of_gia_lai_hold_twenty_five_communes_that_share_their_ranks() -> None:
    placed = gia_lai("commune")
    tied = [int(rank) for rank, sharing in zip(placed.rank, placed.tied, strict=True) if sharing > 1]

    assert (len(tied), len(set(tied))) == (25, 12)
    ordered = sorted(zip(placed.rank.tolist(), placed.tied.tolist(), strict=True))
    assert all(rank == after or rank + sharing == after for (rank, sharing), (after, _) in pairwise(ordered))


def test_no_department_of_gia_lai_is_tied() -> None:
    assert gia_lai("department").rank.tolist() == list(range(1, 15))


@pytest.mark.parametrize(
    ("file", "period", "count"),
    [
        ("figures_gia_lai.csv", "2026", 48 * 4),
        ("figures_provinces.csv", "2026", 2 * 4),
        ("figures_phu_tho.csv", "2026-08", 19 + 8 + 9 + 1 + 1),
        ("figures_phu_tho.csv", "2026", 3 + 1),
    ],
)
def test_every_group_with_all_its_components_comes_to_the_points_that_the_portal_reports(
    file: str, period: str, count: int
) -> None:
    figures = demo_figures(file, period)
    bare = {unit: {i: f for i, f in each.items() if not i.endswith("_points")} for unit, each in figures.items()}
    board = standing(shipped("qd766@2026"), "commune", bare).board

    compared = [
        (group_points(board, row)[group], Decimal(unit[f"{group}_points"] or ""))
        for row, unit in enumerate(figures.values())
        for group in GROUPS
        if board.nodes[group].known[row] and board.nodes[group].complete[row]
    ]

    assert len(compared) == count
    assert [computed for computed, _ in compared] == [reported for _, reported in compared]
