"""Evaluations as tests draw them up: the communes of Tuyên Quang in July 2024, by reported totals."""

from typing import Any

import httpx

from tests.api.conftest import Clock
from tests.make import a_commune, a_unit, with_figures, with_units

Client = httpx.AsyncClient
JULY = {"H60.101": "70", "H60.102": "81.5", "H60.103": "81.5"}
JUNE = {"H60.101": "60", "H60.102": "90", "H60.103": "80"}


def totals(period: str, points: dict[str, str], **more: Any) -> list[dict[str, Any]]:
    """Reported totals, one a unit, looked up after every period of these tests."""
    figure = {"period": period, "indicator": "total_points", "source": "national_portal"}
    return [
        {"unit": unit, "value": value, "observed_at": "2026-10-01T00:00:00Z", **figure, **more}
        for unit, value in points.items()
    ]


def an_order(**overrides: Any) -> dict[str, Any]:
    """An evaluation as a request asks for it: the communes of Tuyên Quang in July 2024."""
    return {"framework": "qd766", "period": "2024-07", "under": "H60", "levels": ["commune"], **overrides}


async def drafted(api: Client, **overrides: Any) -> dict[str, Any]:
    answer = await api.post("/v1/evaluations", json=an_order(**overrides))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def published(api: Client, **overrides: Any) -> dict[str, Any]:
    """A published evaluation as it is read from now on."""
    draft = await drafted(api, **overrides)
    answer = await api.post(f"/v1/evaluations/{draft['id']}/publish")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    del found["publishes"]
    return found


async def a_province(api: Client, clock: Clock) -> None:
    """Two provinces; the communes of one have totals of two months."""
    await with_units(api, [a_unit(), *(a_commune(f"H60.10{n}") for n in (1, 2, 3)), a_unit(code="H19")])
    await with_figures(api, totals("2024-06", JUNE))
    await with_figures(api, totals("2024-07", JULY))
    clock.forward(hours=1)
