"""Letter profiles: stated as a whole, kept through time, seen and written inside the subtree."""

import csv
import io
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.api.conftest import Clock
from tests.make import a_commune, a_unit, with_units

Client = httpx.AsyncClient
PATH = "/v1/letter-profiles"
OURS, FOREIGN = "H60.101", "H19"
EMPTY: dict[str, Any] = {
    **dict.fromkeys(("superior", "issuer", "symbol", "place", "subject", "opening", "closing")),
    "addressees": [],
    "basis": [],
    "orders": [],
    "signature": {"authority": None, "office": None, "name": None},
    "recipients": [],
}
FULL: dict[str, Any] = {
    "superior": "UBND tỉnh Đồng Nai",
    "issuer": "Văn phòng",
    "symbol": "VP-HCC",
    "place": "Đồng Nai",
    "subject": "V/v công khai kết quả {period}",
    "addressees": ["Lãnh đạo các Sở", "Chủ tịch UBND các huyện"],
    "basis": ["Căn cứ Kế hoạch số 157/KH-UBND;"],
    "opening": "Qua theo dõi, thông báo:",
    "closing": "Trân trọng./.",
    "orders": ["Khắc phục.\nBáo cáo trước ngày 16."],
    "signature": {"authority": "KT. CHÁNH VĂN PHÒNG", "office": "PHÓ CHÁNH VĂN PHÒNG", "name": "Lê Thị Cúc"},
    "recipients": ["Như trên;", "Lưu: VT."],
}


@pytest.fixture(autouse=True)
async def units(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune(OURS), a_unit(code=FOREIGN, name="UBND tỉnh Đồng Nai")])


async def put(client: Client, unit: str = "H60", **profile: Any) -> httpx.Response:
    return await client.put(f"{PATH}/{unit}", json=profile)


async def read(client: Client, unit: str = "H60", **query: str) -> Any:
    return (await client.get(f"{PATH}/{unit}", params=query)).json()


async def entries(api: Client) -> list[dict[str, Any]]:
    answer = await api.get("/v1/audit", params={"action": "letter_profile.stated"})
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_profile_is_new_then_replaced_as_a_whole(api: Client) -> None:
    first, second = await put(api, **FULL), await put(api, symbol="VP")

    assert (first.status_code, first.json()) == (201, {"unit": "H60", **FULL})
    assert (second.status_code, second.json()) == (200, {"unit": "H60", **EMPTY, "symbol": "VP"})
    assert await read(api) == second.json()


async def test_the_same_again_changes_nothing(api: Client) -> None:
    await put(api, **FULL)
    again = await put(api, **FULL)

    assert again.status_code == 200
    assert len(await entries(api)) == 1


async def test_a_profile_that_says_nothing_takes_back_what_stood(api: Client) -> None:
    never = await put(api, OURS)
    await put(api, **FULL)

    taken = await put(api)

    assert (never.status_code, taken.status_code) == (200, 200)
    assert taken.json() == {"unit": "H60", **EMPTY}
    assert {(await api.get(f"{PATH}/{unit}")).status_code for unit in ("H60", OURS)} == {404}
    assert [each["after"] for each in await entries(api)] == [None, FULL]
    assert (await put(api, symbol="A")).status_code == 201


async def test_every_write_leaves_what_stood_and_what_stands(api: Client) -> None:
    await put(api, symbol="A")
    await put(api, symbol="B")

    newest, oldest = await entries(api)
    assert (oldest["before"], newest["before"]["symbol"], newest["after"]["symbol"]) == (None, "A", "B")
    assert {each["subject"] for each in (newest, oldest)} == {"letter_profile:H60"}


async def test_what_stood_then_is_read_for_ever(api: Client, clock: Clock) -> None:
    await put(api, symbol="A")
    then = clock.forward(hours=1).isoformat()
    clock.forward(hours=1)
    await put(api, symbol="B")

    assert (await read(api, as_of=then))["symbol"] == "A"
    listed = (await api.get(PATH, params={"as_of": then})).json()["items"]
    assert [each["symbol"] for each in listed] == ["A"]
    assert (await read(api))["symbol"] == "B"


async def test_profiles_are_listed_page_by_page_and_as_files(api: Client) -> None:
    await put(api, OURS, symbol="UBND-VP")
    await put(api, **FULL)

    first = (await api.get(PATH, params={"limit": 1})).json()
    second = (await api.get(PATH, params={"limit": 1, "cursor": first["next_cursor"]})).json()
    table = await api.get(PATH, params={"format": "csv"})

    assert [each["unit"] for each in (*first["items"], *second["items"])] == ["H60", OURS]
    assert second["next_cursor"] is None
    row = next(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"), newline="")))
    assert (row["Kính gửi"], row["Người ký"]) == ("Lãnh đạo các Sở; Chủ tịch UBND các huyện", "Lê Thị Cúc")
    for format in ("xlsx", "ndjson"):
        assert (await api.get(PATH, params={"format": format})).status_code == 200


async def test_a_unit_without_a_profile_or_unknown_is_not_found(api: Client) -> None:
    none, unknown = await api.get(f"{PATH}/H60"), await api.get(f"{PATH}/H99")
    new = await put(api, "H99", symbol="A")
    vietnamese = await api.get(f"{PATH}/H60", headers={"Accept-Language": "vi"})

    assert [each.json()["code"] for each in (none, unknown, new)] == [
        "letter_profile_unknown",
        "unit_unknown",
        "unit_unknown",
    ]
    assert {each.status_code for each in (none, unknown, new)} == {404}
    assert vietnamese.json()["detail"].startswith("Đơn vị H60 chưa khai báo")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"sign": "x"}, "/sign"),
        ({"signature": {"title": "x"}}, "/signature/title"),
        ({"symbol": "x" * 61}, "/symbol"),
        ({"subject": "x" * 501}, "/subject"),
        ({"subject": ""}, "/subject"),
        ({"subject": "a\nb"}, "/subject"),
        ({"opening": "a\u0007"}, "/opening"),
        ({"subject": "V/v kết quả {perod}"}, "/subject"),
        ({"orders": ["Khắc phục.", "Báo cáo {}."]}, "/orders/1"),
        ({"addressees": ["x"] * 51}, "/addressees"),
        ({"orders": ["x"] * 101}, "/orders"),
        ({"orders": [1]}, "/orders/0"),
        ({"recipients": "Lưu"}, "/recipients"),
        ({"signature": None}, "/signature"),
    ],
)
async def test_what_no_letter_could_print_is_refused_by_its_place(api: Client, body: Any, pointer: str) -> None:
    answer = await api.put(f"{PATH}/H60", json=body)

    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert await entries(api) == []


async def test_a_place_that_nobody_fills_is_answered_with_those_there_are(api: Client) -> None:
    answer = await api.put(f"{PATH}/H60", json={"closing": "{perod}"}, headers={"Accept-Language": "vi"})

    [fault] = answer.json()["errors"]
    assert (fault["code"], fault["detail"]) == (
        "place_unknown",
        "Trong dấu ngoặc nhọn là chỗ điền, chỉ nhận `period` hoặc `against`.",
    )


async def test_text_is_kept_composed(api: Client) -> None:
    await put(api, place="Tuyên Quang")

    assert (await read(api))["place"] == "Tuyên Quang"


async def test_a_subtree_key_writes_and_sees_its_own(api: Client, as_key: Callable[..., Client]) -> None:
    ours = as_key(Scope.EVALUATIONS_WRITE, Scope.VALUES_READ, unit="H60")
    await put(api, FOREIGN, symbol="F")

    written, foreign = await put(ours, OURS, symbol="O"), await put(ours, FOREIGN, symbol="X")
    hidden, listed = await ours.get(f"{PATH}/{FOREIGN}"), (await ours.get(PATH)).json()["items"]

    assert written.status_code == 201
    assert (foreign.status_code, foreign.json()["code"]) == (403, "unit_forbidden")
    assert (hidden.status_code, hidden.json()["code"]) == (404, "unit_unknown")
    assert [each["unit"] for each in listed] == [OURS]
    assert (await read(api, FOREIGN))["symbol"] == "F"
