"""JSON that no figure should be read from: refused with its place, nothing stored, the process unharmed."""

from typing import Any

import httpx
import pytest

from tests.make import a_unit, with_units

JSON = {"Content-Type": "application/json"}
BODIES = {
    "nan": (b'[{"unit":"H60","value":NaN}]', "json_not_finite"),
    "infinity": (b'[{"unit":"H60","value":Infinity}]', "json_not_finite"),
    "minus infinity": (b'[{"unit":"H60","value":-Infinity}]', "json_not_finite"),
    "a number beyond all numbers": (b'[{"unit":"H60","value":1e400}]', "number_too_large"),
    "an integer of 5,000 digits": (b'[{"unit":"H60","value":' + b"9" * 5000 + b"}]", "number_too_large"),
    "half of a surrogate pair": (rb'[{"unit":"H60","note":"\ud800"}]', "text_invalid"),
    "half of a surrogate pair as a key": (rb'[{"\udfff":"H60"}]', "text_invalid"),
    "nul, escaped": (rb'[{"unit":"H60","note":"a\u0000b"}]', "text_invalid"),
    "nul, raw": (b'[{"unit":"H60","note":"a\x00b"}]', "json_invalid"),
    "a key twice": (b'[{"unit":"H60","unit":"H19"}]', "json_duplicate_key"),
    "arrays 100,000 deep": (b"[" * 100_000 + b"]" * 100_000, "json_too_deep"),
    "arrays 100 deep": (b"[" * 100 + b"]" * 100, "json_too_deep"),
    "objects 100,000 deep": (b'[{"unit":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001 + b"]", "json_too_deep"),
    "utf-16": ('[{"unit":"H60"}]'.encode("utf-16"), "encoding_not_utf8"),
    "utf-16 without a mark": ('[{"unit":"H60","name":"Xã"}]'.encode("utf-16-le"), "encoding_not_utf8"),
    "windows-1258": ('[{"unit":"H60","note":"Đơn"}]'.encode("cp1258"), "encoding_not_utf8"),
    "nothing": (b"", None),
    "an open bracket": (b"[", "json_invalid"),
    "a comma too many": (b'[{"unit":"H60"},]', "json_invalid"),
    "two documents": (b"[] []", "json_invalid"),
    "a comment": (b"[] // none", "json_invalid"),
    "single quotes": (b"[{'unit': 'H60'}]", "json_invalid"),
}
WRITES = [
    ("PUT", "/v1/units/H61"),
    ("PATCH", "/v1/units/H60"),
    ("POST", "/v1/unit-events"),
    ("POST", "/v1/units/import"),
    ("POST", "/v1/frameworks"),
    ("POST", "/v1/frameworks/validate"),
    ("POST", "/v1/imports"),
    ("PUT", "/v1/periods/2024-07/lock"),
]


async def stored(api: httpx.AsyncClient) -> list[Any]:
    """Everything that a write could have changed."""
    reads = ("/readyz", "/v1/units", "/v1/values", "/v1/frameworks", "/v1/imports", "/v1/audit", "/v1/periods/2024-07")
    return [(await api.get(path)).json() for path in reads]


@pytest.mark.parametrize("body", BODIES)
async def test_broken_json_is_refused_by_every_write_and_stores_nothing(body: str, api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit()])
    before = await stored(api)
    sent, code = BODIES[body]
    writes = WRITES if sent else [each for each in WRITES if not each[1].endswith("/lock")]  # a reason may be left out

    answers = [await api.request(method, path, content=sent, headers=JSON) for method, path in writes]

    assert {each.status_code for each in answers} == ({400} if code else {400, 422})
    assert code is None or {each.json()["code"] for each in answers} == {code}
    assert await stored(api) == before


async def test_a_broken_place_is_pointed_at(api: httpx.AsyncClient) -> None:
    sent = b'[{"unit":"H60","value":1},{"unit":"H60","value":NaN}]'

    answer = await api.post("/v1/imports", content=sent, headers=JSON)

    assert [(each["pointer"], each["value"]) for each in answer.json()["errors"]] == [("/1/value", "NaN")]


async def test_what_was_sent_is_not_sent_back(api: httpx.AsyncClient) -> None:
    answer = await api.put("/v1/units/H60", json={"name": {"secret": "x"}, "level": "província", "sécrète": "y"})

    assert answer.status_code == 422
    assert "secret" not in answer.text
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/name", "/level", "/sécrète"]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "", "json", ";"]
)
async def test_another_kind_of_content_is_not_guessed_at(kind: str, api: httpx.AsyncClient) -> None:
    answer = await api.put("/v1/units/H60", content=b'{"name":"A","level":"province"}', headers={"Content-Type": kind})

    assert (answer.status_code, answer.json()["code"]) == (415, "content_type_unsupported")


@pytest.mark.parametrize(
    ("kind", "charset"),
    [("application/json; charset=utf-16", "utf-16"), ('application/json;charset="CP1258"', "cp1258")],
)
async def test_a_declared_charset_is_read(kind: str, charset: str, api: httpx.AsyncClient) -> None:
    sent = '{"name":"Đồng Đăng","level":"commune"}'.replace("ồ", "ô\u0300").replace("ă", "ă").encode(charset)

    answer = await api.put("/v1/units/H60", content=sent, headers={"Content-Type": kind})

    assert answer.status_code == 201, answer.text
    assert answer.json()["name"] == "Đồng Đăng"


async def test_the_byte_order_mark_that_windows_writes_is_skipped(api: httpx.AsyncClient) -> None:
    sent = '{"name":"Đồng Đăng","level":"commune"}'.encode("utf-8-sig")

    answer = await api.put("/v1/units/H60", content=sent, headers=JSON)

    assert (answer.status_code, answer.json()["name"]) == (201, "Đồng Đăng")


@pytest.mark.parametrize("charset", ["windows-1258", "windows-1252", "iso-8859-1"])
async def test_utf_8_under_another_name_is_refused_and_not_stored_garbled(charset: str, api: httpx.AsyncClient) -> None:
    kind = {"Content-Type": f"application/json; charset={charset}"}

    answer = await api.put("/v1/units/H60", content='{"name":"Số","level":"commune"}'.encode(), headers=kind)

    assert (answer.status_code, answer.json()["code"]) == (400, "encoding_invalid")
    assert answer.json()["errors"][0]["suggestion"] == "charset=utf-8"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/v1/units/H60"),
        ("PUT", "/v1/targets"),
        ("POST", "/v1/imports"),
        ("POST", "/v1/units/import"),
        ("POST", "/v1/frameworks"),
    ],
)
async def test_an_unknown_charset_is_refused_with_the_header_that_declares_it(
    method: str, path: str, api: httpx.AsyncClient
) -> None:
    kind = {"Content-Type": "application/json; charset=klingon"}

    answer = await api.request(method, path, content=b'{"name":"A","level":"province"}', headers=kind)

    assert (answer.status_code, answer.json()["code"]) == (400, "encoding_unknown")
    assert answer.json()["errors"][0]["parameter"] == "Content-Type"


@pytest.mark.parametrize("path", ["/v1/imports", "/v1/units/import", "/v1/targets"])
async def test_a_workbook_that_is_declared_as_text_is_refused_with_the_header(
    path: str, api: httpx.AsyncClient
) -> None:
    method = "PUT" if path == "/v1/targets" else "POST"

    answer = await api.request(method, path, content=b"PK\x03\x04", headers={"Content-Type": "text/csv"})

    assert (answer.status_code, answer.json()["code"]) == (415, "content_type_differs")
    assert answer.json()["errors"][0]["parameter"] == "Content-Type"


async def test_json_of_another_profile_is_json(api: httpx.AsyncClient) -> None:
    kind = {"Content-Type": "application/merge-patch+json; charset=UTF-8"}
    await with_units(api, [a_unit()])

    answer = await api.patch("/v1/units/H60", content='{"name":"Tỉnh Tuyên Quang"}'.encode(), headers=kind)

    assert answer.json()["name"] == "Tỉnh Tuyên Quang"


@pytest.mark.parametrize("figure", ["0.1", "1e2", "-0", "123456789012345678901", "1.00001", "true"])
async def test_figures_are_never_rounded_on_their_way(figure: str, api: httpx.AsyncClient) -> None:
    """A share holds at most four decimals between 0 and 1; whatever else is written is refused, not adjusted."""
    await with_units(api, [a_unit(), a_unit(code="H61"), a_unit(code="H62")])
    event = (
        '{"kind":"split","effective_on":"2025-07-01","from":["H60"],"to":[{"unit":"H61","share":%s},{"unit":"H62"}]}'
    )

    answer = await api.post("/v1/unit-events", content=(event % figure).encode(), headers=JSON)

    assert answer.status_code == (201 if figure == "0.1" else 400 if len(figure) > 18 else 422), answer.text
    assert figure != "0.1" or '"share":0.1}' in answer.text
