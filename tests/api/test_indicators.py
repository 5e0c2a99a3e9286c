"""Indicators: what the shipped frameworks define, by code."""

import httpx
import pytest


async def test_an_indicator_tells_what_it_counts(anonymous: httpx.AsyncClient) -> None:
    indicator = (await anonymous.get("/v1/indicators/dossier_sync")).json()

    assert (indicator["code"], indicator["kind"], indicator["direction"]) == ("dossier_sync", "ratio", "up")
    assert set(indicator["name"]) == {"vi", "en"}


async def test_indicators_are_paged_by_code_without_gaps(anonymous: httpx.AsyncClient) -> None:
    whole = [item["code"] for item in (await anonymous.get("/v1/indicators?limit=1000")).json()["items"]]
    seen: list[str] = []
    cursor = None
    while True:
        query = {"limit": 7, **({"cursor": cursor} if cursor else {})}
        page = (await anonymous.get("/v1/indicators", params=query)).json()
        seen += [item["code"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert seen == whole == sorted(set(whole))
    assert {"paid_dossiers", "total_points", "transparency_rate", "average_days"} <= set(whole)


@pytest.mark.parametrize(("code", "status"), [("nothing", 404), ("Dossier", 422), ("x" * 61, 422)])
async def test_an_unknown_indicator_is_not_found(anonymous: httpx.AsyncClient, code: str, status: int) -> None:
    assert (await anonymous.get(f"/v1/indicators/{code}")).status_code == status
