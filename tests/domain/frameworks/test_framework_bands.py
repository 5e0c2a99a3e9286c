"""Bands: every total that can occur has one class."""

from decimal import Decimal

from tests.support.framework_documents import a_document, faults_of, found, with_set


def test_the_hole_at_exactly_one_hundred_is_named_with_its_remedy() -> None:
    (fault,) = faults_of(with_set("bands.0.closed", False)())

    assert fault.code == "bands_hole"
    assert fault.detail("en") == (
        "A total of exactly 100 has no band, since “good” (Tốt) ends before it. "
        "Add `closed: true` to that band, or leave its `max` out."
    )
    assert "đúng bằng 100" in fault.detail("vi")


def test_bands_may_stand_in_any_order_and_leave_max_out() -> None:
    whole = a_document()
    whole["bands"] = [
        {"code": "weak", "name": {"vi": "Yếu"}, "min": 0},
        {"code": "good", "name": {"vi": "Tốt"}, "min": 80},
    ]

    assert faults_of(whole) == []


def test_a_band_above_ninety_four_can_be_told_at_two_decimals() -> None:
    # Bắc Ninh rates > 94, 90–94 and < 90: totals have two decimals, so nothing lies between 94 and 94.01.
    whole = a_document()
    whole["bands"] = [
        {"code": "good", "name": {"vi": "Tốt"}, "min": Decimal("94.01")},
        {"code": "fair", "name": {"vi": "Khá"}, "min": 90, "max": 94, "closed": True},
        {"code": "weak", "name": {"vi": "Yếu"}, "min": 0, "max": 90},
    ]
    assert faults_of(whole) == []

    whole["rounding"] = {"total": 3}

    assert found(whole) == {("bands_hole", "/bands/1/max")}


def test_a_lowest_band_that_does_not_begin_at_zero_is_a_hole() -> None:
    assert found(with_set("bands.1.min", 10)()) == {("bands_hole", "/bands/1/min")}


def test_two_bands_that_share_their_border_overlap() -> None:
    whole = a_document()
    whole["bands"][1] |= {"max": 80, "closed": True}

    assert found(whole) == {("bands_overlap", "/bands/1/max")}


def test_a_band_to_seventy_nine_ninety_nine_must_hold_it() -> None:
    whole = a_document()
    whole["bands"][1] |= {"max": Decimal("79.99"), "closed": True}
    assert faults_of(whole) == []

    whole["bands"][1]["closed"] = False

    assert found(whole) == {("bands_hole", "/bands/1/max")}
