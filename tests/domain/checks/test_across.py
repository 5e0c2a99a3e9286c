"""Rules over several units: a bad example of each is found, and ordinary months of 3,000 units pass in silence."""

import random
from collections.abc import Mapping
from time import process_time

import pytest

from app.domain.checks.stored.across import PeriodUnits, Place
from app.domain.checks.stored.checks import ACROSS, findings_in
from app.domain.checks.stored.figures import UnitFigures
from app.domain.checks.stored.finding import WARNINGS, Finding, FindingRule, plain
from app.domain.vietnamese_labels import SOURCES
from tests.support.unit_figures import TERMS, figure

Texts = Mapping[str, str]
OWN = {"on_time": "912/1045", "dossier_sync": "1040/1045", "dossiers_received": "1045"}
PASTED = {"dossier_sync": "413/650"}


def a_unit(code: str, now: Texts, before: Texts | None = None) -> UnitFigures:
    """A unit with figures of the national portal."""
    stated, earlier = (
        {name: {"national_portal": figure(text)} for name, text in (side or {}).items()} for side in (now, before)
    )
    return UnitFigures(code, stated, earlier, {})


def found(*units: UnitFigures, silent: Mapping[str, Texts] | None = None) -> list[Finding]:
    """What is found about communes of one province, H60 being the province itself."""
    quiet = {code: a_unit(code, {}, before).before for code, before in (silent or {}).items()}
    codes = {unit.code for unit in units} | quiet.keys()
    places = {code: Place(None, "province") if code == "H60" else Place("H60", "commune") for code in codes}
    return findings_in(PeriodUnits(units, quiet, places), TERMS)


def told(*units: UnitFigures, silent: Mapping[str, Texts] | None = None) -> list[tuple[str, str]]:
    return [(each.unit, each.rule) for each in found(*units, silent=silent)]


SWAPPED = (
    a_unit("H60.1", {"dossiers_received": "1010"}, {"dossiers_received": "52"}),
    a_unit("H60.2", {"dossiers_received": "49"}, {"dossiers_received": "998"}),
)
BAD: dict[FindingRule, tuple[list[Finding], tuple[str | None, str | None]]] = {
    "counts_repeated_across_units": (found(*(a_unit(f"H60.{n}", PASTED) for n in range(3))), ("413/650", None)),
    "rows_swapped": (found(*SWAPPED), ("1010", "52")),
    "sum_differs_below": (
        found(a_unit("H60", {"dossiers_received": "1045"}), a_unit("H60.1", {"dossiers_received": "1100"})),
        ("1045", "1100"),
    ),
    "unit_missing": (found(a_unit("H60.1", OWN), silent={"H60.2": OWN}), ("0", "3")),
}
GOOD: dict[FindingRule, list[Finding]] = {
    "counts_repeated_across_units": found(*(a_unit(f"H60.{n}", {"dossier_sync": f"41{n}/650"}) for n in range(3))),
    "rows_swapped": found(
        a_unit("H60.1", {"dossiers_received": "210"}, {"dossiers_received": "52"}),
        a_unit("H60.2", {"dossiers_received": "340"}, {"dossiers_received": "998"}),
    ),
    "sum_differs_below": found(
        a_unit("H60", {"dossiers_received": "2090"}),
        *(a_unit(f"H60.{n}", {"dossiers_received": "1045"}) for n in (1, 2)),
    ),
    "unit_missing": found(a_unit("H60.1", OWN, OWN | {"dossiers_received": "900"}), silent={"H60.2": {}}),
}


def test_every_rule_has_a_bad_example_and_a_good_one() -> None:
    assert set(ACROSS) == set(BAD) == set(GOOD)
    assert ACROSS.keys() <= WARNINGS


@pytest.mark.parametrize("rule", sorted(ACROSS))
def test_bad_units_are_found_once_and_say_in_both_languages_what_is_wrong(rule: FindingRule) -> None:
    (one,), (stated, expected) = BAD[rule]

    assert (one.rule, plain(one.stated), plain(one.expected)) == (rule, stated, expected)
    for said, source in ((one.detail("en"), one.source), (one.detail("vi"), SOURCES[one.source])):
        assert "{" not in said
        assert source in said


@pytest.mark.parametrize("rule", sorted(ACROSS))
def test_good_units_pass_in_silence(rule: FindingRule) -> None:
    assert GOOD[rule] == []


def test_a_share_that_two_state_by_chance_is_passed_and_a_row_that_two_share_is_not() -> None:
    row = {"dossier_sync": "413/650", "on_time": "598/650", "petitions_on_time": "44/120"}

    assert told(a_unit("H60.1", PASTED), a_unit("H60.2", PASTED)) == []
    assert told(a_unit("H60.1", row), a_unit("H60.2", row)) == [("H60.1", "counts_repeated_across_units")]


@pytest.mark.parametrize("share", ["39/47", "650/650", "5/650", "640/650"])
def test_shares_that_many_units_may_have_are_passed(share: str) -> None:
    assert told(*(a_unit(f"H60.{n}", {"dossier_sync": share}) for n in range(4))) == []


def test_a_figure_of_the_province_that_a_source_gives_to_all_is_passed() -> None:
    communes = [a_unit(f"H60.{n}", {"petitions_on_time": "728/1746"}) for n in range(12)]

    assert told(*communes) == []
    assert told(a_unit("H60", {"petition_staff": "1/2", "petitions_on_time": "728/1746"}), *communes[:3]) == [
        ("H60", "sum_differs_below")
    ]


def test_swapped_rows_are_named_once_and_their_jumps_are_not() -> None:
    stayed = a_unit("H60.3", {"dossiers_received": "500"}, {"dossiers_received": "480"})

    assert told(*SWAPPED, stayed) == [("H60.1", "rows_swapped")]
    assert told(SWAPPED[0], stayed) == [("H60.1", "jump")]


def test_rows_that_drifted_within_the_month_are_swapped_all_the_same() -> None:
    large = {"dossiers_received": "1000", "on_time": "100/1000", "dossier_sync": "950/1000", "paid_dossiers": "30/600"}
    small = {"dossiers_received": "200", "on_time": "190/200", "dossier_sync": "40/200", "paid_dossiers": "90/100"}
    grown = {"dossiers_received": "1010", "on_time": "103/1010", "dossier_sync": "961/1010", "paid_dossiers": "31/605"}
    other = {"dossiers_received": "202", "on_time": "192/202", "dossier_sync": "41/202", "paid_dossiers": "92/101"}

    assert told(a_unit("H60.1", other, large), a_unit("H60.2", grown, small)) == [("H60.1", "rows_swapped")]
    assert "rows_swapped" not in {
        rule for _, rule in told(a_unit("H60.1", other, large), a_unit("H60.2", grown, grown))
    }


def test_a_province_may_count_more_than_the_communes_that_are_known() -> None:
    province, commune = a_unit("H60", {"dossiers_received": "5000"}), a_unit("H60.1", {"dossiers_received": "1100"})

    assert told(province, commune, a_unit("H60.2", {"average_days": "3"})) == []
    assert told(province, commune) == [("H60", "sum_differs_below")]


def test_rates_without_counts_are_not_added_up() -> None:
    rate, share = {"on_time": "71.8"}, {"on_time": "150/200"}

    assert told(a_unit("H60", rate), a_unit("H60.1", share), a_unit("H60.2", {"on_time": "69"})) == []
    assert told(a_unit("H60", rate), a_unit("H60.1", {"on_time": "69"}), a_unit("H60.2", {"on_time": "70"})) == []
    assert (
        told(a_unit("H60", {"on_time": "150/200"}), a_unit("H60.1", {"on_time": "12/100"}), a_unit("H60.2", rate)) == []
    )


def test_shares_are_added_up_by_what_they_are_shares_of_beside_rates() -> None:
    [one] = found(
        a_unit("H60", {"on_time": "150/200"}),
        a_unit("H60.1", {"on_time": "200/210=95.2"}),
        a_unit("H60.2", {"on_time": "69"}),
    )

    assert (one.rule, plain(one.stated), plain(one.expected)) == ("sum_differs_below", "200", "210")
    assert (one.context["count"], one.context["of"]) == (1, 2)


def test_where_nobody_has_reported_nobody_is_missing() -> None:
    assert told(silent={"H60.2": OWN}) == []


def ordinary(chance: random.Random, received: int) -> dict[str, str]:
    """A month of a commune with so many dossiers."""
    shares = {
        code: int(received * chance.uniform(low, 1))
        for code, low in (("on_time", 0.8), ("dossier_sync", 0.9), ("unsynced_dossiers", 0.3))
    }
    figures = {code: f"{count}/{received}" for code, count in shares.items() if code != "unsynced_dossiers"}
    return figures | {
        "dossiers_received": f"{received}",
        "overdue_dossiers": f"{received - shares['on_time']}",
        "petition_satisfaction": f"{shares['unsynced_dossiers']}/{received}",
        "petitions_on_time": f"{chance.randint(0, 3)}/3",
        "average_days": f"{chance.uniform(1, 6):.2f}",
    }


def test_ordinary_months_of_three_thousand_units_pass_in_silence_and_fast() -> None:
    chance = random.Random(766)
    units, places = [], {}
    for number in range(3000):
        received = int(chance.lognormvariate(6, 1)) + 5
        months = ordinary(chance, received), ordinary(chance, int(received * chance.uniform(0.7, 1.4)))
        units.append(a_unit(f"H{number % 34}.{number}", *months))
        places[units[-1].code] = Place(f"H{number % 34}", "commune")

    began = process_time()
    rules = {each.rule for each in findings_in(PeriodUnits(units, {}, places), TERMS)}

    assert rules <= {"jump"}
    assert process_time() - began < 10
