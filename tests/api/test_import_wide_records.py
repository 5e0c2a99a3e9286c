"""`POST /v1/imports` with JSON whose records have a key per indicator."""

import httpx

from tests.make import a_commune, a_unit, with_units

RECORDS = [
    {"unit": "H60.101", "total_points": 81.77, "on_time": "91,3%"},
    {"unit": "H6O.101", "total_points": 80, "on_time": "88%", "on_tme": 5},
]
QUERY = {"locale": "vi", "period": "2024-07"}


async def test_mistakes_in_a_wide_record_are_pointed_at_each_once(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), a_commune("H60.101")])

    answer = await api.post("/v1/imports", json=RECORDS, params={**QUERY, "on_error": "skip"})

    done = answer.json()
    assert (done["rows"], done["created"], done["rejected"]) == (5, 2, 3)
    assert [(fault["pointer"], fault["code"], fault["suggestion"]) for fault in done["errors"]] == [
        ("/1/on_tme", "field_unknown", "on_time"),
        ("/1/unit", "unit_unknown", "H60.101"),
    ]


async def test_the_layout_of_records_may_be_named(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), a_commune("H60.101")])

    wide = await api.post("/v1/imports", json=RECORDS[:1], params={**QUERY, "layout": "wide"})
    long = await api.post("/v1/imports", json=RECORDS[:1], params={**QUERY, "layout": "long"})

    assert (wide.status_code, wide.json()["created"]) == (200, 2)
    assert {fault["code"] for fault in long.json()["errors"]} == {"field_unknown", "field_missing"}
