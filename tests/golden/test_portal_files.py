"""Saved answers in the shapes of the national portal, loaded and scored: the board must say what the files say.

Figures: Gia Lai (10/10/2026) and Phú Thọ (8/2026) as published copies of the portal's answers give them, the national
row of Đồng Tháp from the same copies, Tuyên Quang 7/2024 from its letter (13,2 … 81,77). The files were written by
hand in the portal's shapes; ids that end in the unit's own digits are made up, because the copies do not carry them.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import cast

import pytest

from app.domain.figures import unscaled
from app.domain.intake.import_row import ImportedRow, RowReadOptions, read_row
from app.domain.intake.row_figures import IndicatorKind, plain
from app.domain.portal.rows import MappedRows
from app.domain.scoring.board import Board
from app.formats.portal import PortalFileRecord, answers_in, read_portal
from app.formats.strict_json import read_json
from app.services.imports.portal_files import portal_indicators
from tests.support.cohorts import Cell
from tests.support.portal_answers import mapping_of
from tests.support.published import DATA, board_of, group_points, shipped

KINDS = cast(Mapping[str, IndicatorKind], {one.code: one.kind for one in shipped("qd766@2026").indicators})
READING = RowReadOptions(KINDS, "2026", "national_portal")
ENDPOINTS = ("service_results", "transparency", "progress", "online", "payment", "digitized", "satisfaction")
GIA_LAI = [f"portal_gia_lai_{endpoint}.json" for endpoint in ENDPOINTS]
PHU_THO = "portal_phu_tho_2026-08.json"
PORTAL = portal_indicators()
GROUPS = {each.indicator.removesuffix("_points"): each.indicator for each in PORTAL.groups}


def answers(*names: str) -> list[PortalFileRecord]:
    """The answers in the files of one request."""
    return [read_portal(one, at) for name in names for at, one in answers_in(read_json((DATA / name).read_bytes()))]


def figures(mapped: MappedRows) -> dict[str, dict[str, Cell]]:
    """Every figure as it would be stored, by unit and indicator; none may be refused or stand twice."""
    units: dict[str, dict[str, Cell]] = {}
    for place, raw in mapped.rows:
        line = read_row(raw, place, READING)
        assert isinstance(line, ImportedRow), line
        assert line.indicator not in units.setdefault(line.unit, {})
        value = None if line.value is None else plain(line.value)
        counted = line.numerator is not None and line.denominator is not None
        counts = f"{plain(line.numerator or 0)}/{plain(line.denominator or 0)}"
        units[line.unit][line.indicator] = counts if counted else value
    return units


def totals(board: Board) -> list[Decimal]:
    return [unscaled(int(points), board.framework.rounding.total) for points in board.total.points]


def test_the_total_of_four_gia_lai_units_follows_from_the_seven_answers_to_the_cent() -> None:
    mapped = mapping_of(answers(*GIA_LAI))
    units = {unit: found for unit, found in figures(mapped).items() if unit != "H21"}

    board = board_of("qd766@2026", "commune", units)

    assert dict(zip(units, totals(board), strict=True)) == {
        "H21.227": Decimal("75.34"),
        "H21.01": Decimal("65.54"),
        "H21.17": Decimal("79.27"),
        "H21.20": Decimal("19.79"),
    }
    assert [str(total) for total in totals(board)] == [
        str(Decimal(found["total_points"] or "").quantize(Decimal("0.01"))) for found in units.values()
    ]
    assert mapped.warnings == []


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_of_gia_lai_computed_from_its_counts_is_what_the_answer_states(group: str) -> None:
    units = figures(mapping_of(answers(*GIA_LAI)))
    stated = {unit: Decimal(found[GROUPS[group]] or "") for unit, found in units.items() if GROUPS[group] in found}
    bare = {unit: {name: cell for name, cell in units[unit].items() if name not in PORTAL.maxima} for unit in stated}
    counted = [unit for unit in stated if unit != "H21"]

    board = board_of("qd766@2026", "commune", bare)
    computed = dict(zip(bare, (group_points(board, place)[group] for place in range(len(bare))), strict=True))

    if group == "online":
        assert set(computed.values()) == {None}, "the answer gives no counts of units"
    elif group == "payment":
        assert computed["H21.227"] is not None
        assert computed["H21.227"] < stated["H21.227"], "3.5 is missing, so the sum stays below the points reported"
    else:
        assert {unit: computed[unit] for unit in counted} == {unit: stated[unit] for unit in counted}


def test_every_group_of_phu_tho_computed_from_its_counts_is_what_the_answer_states() -> None:
    units = figures(mapping_of(answers(PHU_THO)))
    bare = {
        unit: {name: cell for name, cell in found.items() if name not in PORTAL.maxima} for unit, found in units.items()
    }
    stated = {
        (unit, group): Decimal(found[name] or "")
        for unit, found in units.items()
        for group, name in GROUPS.items()
        if name in found
    }

    board = board_of("qd766@2026", "commune", bare)
    computed = {
        (unit, group): points for place, unit in enumerate(bare) for group, points in group_points(board, place).items()
    }

    assert {key: computed[key] for key in stated} == stated
    assert len(stated) == 6 + 5 + 1 + 5  # payment, progress, online, satisfaction
    assert stated["H44", "payment"] == Decimal("6.25")
    assert stated["H44", "online"] == Decimal("8.83")


def test_ids_of_answers_without_codes_are_joined_to_the_codes_of_the_others() -> None:
    units = figures(mapping_of(answers(*GIA_LAI)))

    assert set(units) == {"H21", "H21.227", "H21.01", "H21.17", "H21.20"}
    assert {"dossier_sync", "service_satisfaction", "on_time"} <= units["H21.227"].keys()


def test_an_answer_without_codes_alone_names_units_by_the_portals_id() -> None:
    mapped = mapping_of(answers("portal_gia_lai_transparency.json"))

    assert "dvcqg:019d2be3-6a95-76bf-9a13-bc379dd868dc" in figures(mapped)
    assert mapped.units == []


def test_no_data_is_kept_as_counts_of_nothing_with_its_flag() -> None:
    mapped = mapping_of(answers(*GIA_LAI))
    rows = [raw for _, raw in mapped.rows if isinstance(raw, dict)]

    sync = next(row for row in rows if row["unit"] == "H21.20" and row["indicator"] == "dossier_sync")

    assert sync == {
        "unit": "H21.20",
        "indicator": "dossier_sync",
        "numerator": 0,
        "denominator": 0,
        "note": "NO_NATIONAL_REPORT_DATA: Không có dữ liệu báo cáo tổng hợp.",
    }


def test_the_units_of_gia_lai_can_be_created_from_the_answers() -> None:
    units = mapping_of(answers(*GIA_LAI)).units

    found = {unit.code: (unit.name, unit.level, unit.parent, unit.portal_ids) for unit in units}

    assert found["H21"] == ("UBND tỉnh Gia Lai", "province", None, ("019d2be3-6a85-74ec-a346-000000000021",))
    assert found["H21.227"] == (
        "UBND xã Vân Canh",
        "commune",
        "H21",
        ("019d2be3-6a95-76bf-9a13-bc379dd868dc",),
    )
    assert found["H21.01"][1:3] == ("department", "H21")
    assert len(found) == 5


def test_the_whole_country_is_no_unit_and_a_province_has_its_six_groups_and_total() -> None:
    mapped = mapping_of(answers("portal_national.json"))
    units = figures(mapped)

    assert list(units) == ["H20"]
    assert units["H20"] == {
        "total_points": "68.32",
        "transparency_points": "11.45",
        "progress_points": "17.72",
        "online_points": "8.83",
        "payment_points": "6.22",
        "satisfaction_points": "14.45",
        "digitization_points": "9.65",
    }
    assert totals(board_of("qd766@2026", "province", units)) == [Decimal("68.32")]
    assert mapped.warnings == []


def test_the_older_rows_give_the_board_of_tuyen_quang_in_july_2024() -> None:
    mapped = mapping_of(answers("portal_rest_2024-07.json"))

    board = board_of("qd766@2022", "province", figures(mapped))

    assert totals(board) == [Decimal("81.77")]
    assert group_points(board, 0)["payment"] == Decimal("8.3")
    assert mapped.warnings == [], "81.8 against 81.77 is rounding"
    assert [(unit.code, unit.level, unit.portal_ids) for unit in mapped.units] == [("H60", "province", ("398121",))]
