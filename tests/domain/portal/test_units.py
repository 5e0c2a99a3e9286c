"""The units of saved answers: what they stand below, and their levels."""

from tests.support.portal_answers import AFile, AUnit, mapping_of


def test_units_stand_below_the_root_of_their_answer_with_the_ids_of_all() -> None:
    root = AUnit(code=None, id="root", name="UBND tỉnh Gia Lai", kind="PROVINCE", is_root=True)
    commune = AUnit(code="H21.227", id="019d", name="UBND xã Vân Canh", kind="COMMUNE_PEOPLE_COMMITTEE")
    named = AUnit(code="H21", id="root", name="UBND tỉnh Gia Lai", kind="PROVINCE", is_root=True)
    older = AUnit(code="H21.227", id="4711", name="Vân Canh")

    units = mapping_of([AFile((root, commune)), AFile((named,)), AFile((older,))]).units

    assert [(unit.code, unit.name, unit.level, unit.parent, unit.portal_ids) for unit in units] == [
        ("H21", "UBND tỉnh Gia Lai", "province", None, ("root",)),
        ("H21.227", "UBND xã Vân Canh", "commune", "H21", ("019d", "4711")),
    ]


def test_a_root_above_the_next_part_of_the_code_is_believed() -> None:
    root = AUnit(code="H19", name="UBND tỉnh Đồng Nai", kind="PROVINCE", is_root=True)

    units = mapping_of([AFile((root, AUnit(code="H19.07.01", name="UBND xã Phú Túc")))]).units

    assert [unit.parent for unit in units] == [None, "H19"]


def test_without_a_root_a_unit_stands_below_what_its_code_begins_with() -> None:
    units = mapping_of(
        [AFile((AUnit(code="H19.07.01", name="UBND xã Phú Túc"), AUnit(code="H19", name="Đồng Nai")))]
    ).units

    assert [(unit.code, unit.level, unit.parent) for unit in units] == [
        ("H19.07.01", "commune", "H19.07"),
        ("H19", "province", None),
    ]
