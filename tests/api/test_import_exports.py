"""What was exported is sent back as it is: the heads are known, the figures exact, and nothing changes."""

from typing import Any

import httpx
import pytest

from tests.make import a_commune, a_unit, some_figures, with_figures, with_units

Client = httpx.AsyncClient
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {"csv": "text/csv", "xlsx": XLSX, "ndjson": "application/x-ndjson", "json": "application/json"}
HELD = {"unit": "H60", "period": "2024-07", "source": "national_portal", "observed_at": "2024-08-26T09:00:00+07:00"}


@pytest.fixture(autouse=True)
async def figures(api: Client) -> None:
    """Figures of every kind, three decimals and a note that looks like a formula among them."""
    await with_units(api, [a_unit(), a_commune("H60.100")])
    rows: list[dict[str, Any]] = [
        *some_figures("H60", "H60.100", note="-5 so với tháng 6"),
        {**HELD, "indicator": "average_days", "value": "12.345"},
        {**HELD, "indicator": "total_points", "value": "81.770"},
        {**HELD, "indicator": "citizen_accounts", "value": "855589"},
        {**HELD, "indicator": "on_time", "value": "0/0"},
    ]
    await with_figures(api, rows, locale="en")


async def exported(api: Client, kind: str, **query: str) -> bytes:
    answer = await api.get("/v1/values", params={"format": kind, **query})
    assert answer.status_code == 200, answer.text
    return answer.content


async def sent_back(api: Client, kind: str, body: bytes, locale: str) -> dict[str, Any]:
    answer = await api.post(
        "/v1/imports", content=body, headers={"Content-Type": KINDS[kind]}, params={"locale": locale}
    )
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(
    ("kind", "locale"),
    [
        ("csv", "auto"),
        ("csv", "vi"),
        ("csv", "en"),
        ("xlsx", "auto"),
        ("xlsx", "vi"),
        ("xlsx", "en"),
        ("ndjson", "auto"),
        ("ndjson", "vi"),
    ],
)
async def test_an_export_is_taken_back_and_changes_nothing(api: Client, kind: str, locale: str) -> None:
    taken = await sent_back(api, kind, await exported(api, kind), locale)

    assert (taken["status"], taken["rows"], taken["unchanged"]) == ("applied", 6, 6), taken


async def test_a_mended_export_changes_what_was_mended(api: Client) -> None:
    body = (await exported(api, "csv", indicator="dossier_sync", unit="H60")).replace(b"25775", b"25776")

    taken = await sent_back(api, "csv", body.replace(b"2024-08-26T02", b"2024-08-27T02"), "en")

    assert (taken["updated"], taken["unchanged"]) == (1, 0)
    values = (await api.get("/v1/values", params={"indicator": "dossier_sync", "unit": "H60"})).json()["items"]
    assert [(value["numerator"], value["note"]) for value in values] == [(25776, "-5 so với tháng 6")]
