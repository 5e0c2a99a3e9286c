"""Sibling indices: the published results of each, from its published parts and the document that ships."""

from decimal import Decimal

import pytest

from app.domain.frameworks.framework import Framework
from app.domain.scoring.board import Board
from app.domain.scoring.ranking import rank_and_classify
from tests.support.published import board_of, shipped

DTI = (
    "awareness institutions infrastructure human_resources cyber_security digital_government digital_economy "
    "digital_society"
)
DTI_2022 = {
    "Đà Nẵng": ("1 0.9 0.8253 0.8487 0.7578 0.8575 0.7836 0.5197", "0.8002"),
    "TP.HCM": ("0.8917 0.9 0.8258 0.6267 0.558 0.8406 0.7611 0.359", "0.7163"),
    "Quảng Ninh": ("0.9581 0.9 0.7648 0.625 0.5382 0.8385 0.5904 0.4505", "0.7024"),
}
PAR = "appraisal sipas leadership_survey socio_economic"
PAR_2020 = {
    "Quảng Ninh": ("57.66 9.56 18.83 5", "91.04"),
    "Hải Phòng": ("58.71 9.35 19.45 3", "90.51"),
    "Thừa Thiên Huế": ("56.78 8.57 20.11 3.01", "88.47"),
    "Bình Dương": ("55.48 8.82 20.27 2.36", "86.93"),
}
PCI = "entry land transparency time informal policy_bias proactivity business_support labour law_order"
PCI_2019 = {
    "Quảng Ninh": ("7.16 7 7.2 7.89 7.1 7.69 7.96 6.68 7.95 7.58", "73.40"),
    "Đồng Tháp": ("6.37 7.67 7.27 8.4 7.64 8.01 8.37 6.76 6.56 7.76", "72.10"),
    "Vĩnh Long": ("7.91 7.89 6.62 8.74 8.29 7.4 6.71 6.75 6.6 7.51", "71.30"),
    "Bắc Ninh": ("6.88 7.55 7.02 7.23 7.24 7.51 7.34 6.62 7.03 7.91", "70.79"),
    "Đà Nẵng": ("7.89 7.44 6.59 7.08 6.75 5.32 6.76 6.76 7.99 6.99", "70.15"),
    "Quảng Nam": ("7.2 7.46 7.12 7.15 6.53 6.59 7.32 6.8 6.67 7.73", "69.42"),
    "Bến Tre": ("7.01 7.02 6.87 8.8 8.01 7.46 7.48 6.34 6.07 7.8", "69.34"),
    "Long An": ("7.05 7.33 6.55 7.74 6.79 7.35 7.4 7.16 6.2 7.57", "68.82"),
}
EGDI = "osi hci tii"
EGDI_2024 = {
    "Singapore": ("0.9831 0.9362 0.9881", "0.9691"),
    "Thailand": ("0.7611 0.8032 0.9410", "0.8351"),
    "Malaysia": ("0.7280 0.7192 0.9862", "0.8111"),
    "Indonesia": ("0.8035 0.7293 0.8645", "0.7991"),
    "Việt Nam": ("0.7081 0.7267 0.8780", "0.7709"),
    "Philippines": ("0.8054 0.7256 0.7554", "0.7621"),
}
PUBLISHED = {
    "dti@2022": ("dti_", DTI, DTI_2022),
    "par_index@2022": ("par_", PAR, PAR_2020),
    "pci@2019": ("pci_", PCI, PCI_2019),
    "egdi@2024": ("egdi_", EGDI, EGDI_2024),
}
"""Of each index: what its indicators begin with, the columns of the published table, and its rows."""
SLACK = {"dti@2022": "0.0001", "par_index@2022": "0.025", "pci@2019": "0.055", "egdi@2024": "0.0001"}
"""How far a value may lie from one worked out from unrounded parts: half a last digit, of it and each part."""
TO_THE_LAST_DIGIT = {"dti@2022": 2, "par_index@2022": 3, "pci@2019": 2, "egdi@2024": 6}


def board(id: str) -> Board:
    prefix, heads, rows = PUBLISHED[id]
    codes = [prefix + head for head in heads.split()]
    return board_of(
        id, "province", {name: dict(zip(codes, cells.split(), strict=True)) for name, (cells, _) in rows.items()}
    )


def total(board: Board, row: int) -> Decimal:
    assert board.total.known[row]
    return Decimal(int(board.total.points[row])).scaleb(-board.framework.rounding.total)


@pytest.mark.parametrize("id", PUBLISHED)
def test_the_published_value_of_every_unit_follows_from_its_published_parts(id: str) -> None:
    computed, (_, _, rows) = board(id), PUBLISHED[id]

    missed = [total(computed, row) - Decimal(value) for row, (_, value) in enumerate(rows.values())]

    assert max(map(abs, missed)) <= Decimal(SLACK[id])
    assert missed.count(Decimal(0)) == TO_THE_LAST_DIGIT[id]
    assert not computed.incomplete.any()


@pytest.mark.parametrize("id", PUBLISHED)
def test_the_units_stand_in_the_published_order(id: str) -> None:
    names = list(PUBLISHED[id][2])

    standing = rank_and_classify(board(id), names, names)

    assert standing.rank.tolist() == list(range(1, len(names) + 1))


@pytest.mark.parametrize(
    ("id", "indicator", "value"),
    [
        ("dti@2022", "dti_value", "0.5803"),
        ("par_index@2022", "par_index", "91.04"),
        ("pci@2019", "pci_value", "63.91"),
        ("egdi@2024", "egdi_value", "0.7709"),
    ],
)
def test_a_unit_of_which_only_the_value_is_published_takes_that(id: str, indicator: str, value: str) -> None:
    assert total(board_of(id, "province", {"one": {indicator: value}}), 0) == Decimal(value)


def test_the_fields_of_the_reform_index_and_its_parts_are_the_same_hundred_points() -> None:
    def most(framework: Framework) -> Decimal:
        return sum((framework.max_of(top) for top in framework.criteria), Decimal(0))

    assert most(shipped("par_index@2022")) == most(shipped("par_index_fields@2022")) == 100
    assert len(shipped("par_index_fields@2022").criteria) == 8


@pytest.mark.parametrize(
    ("id", "indicator", "value", "band"),
    [
        ("par_index@2022", "par_index", "90", "a"),
        ("par_index@2022", "par_index", "89.99", "b"),
        ("par_index_fields@2022", "par_index", "70", "c"),
        ("egdi@2024", "egdi_value", "0.75", "very_high"),
        ("egdi@2024", "egdi_value", "0.2499", "low"),
    ],
)
def test_a_value_belongs_to_the_group_in_which_it_was_announced(id: str, indicator: str, value: str, band: str) -> None:
    standing = rank_and_classify(board_of(id, "province", {"one": {indicator: value}}), ["one"], ["one"])

    assert standing.board.framework.bands[int(standing.band[0])].code == band


def test_indices_that_give_tiers_by_place_or_none_at_all_have_no_bands() -> None:
    assert shipped("pci@2019").bands == shipped("dti@2022").bands == ()
