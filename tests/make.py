"""Builders: what a test does not say is filled in with something ordinary."""

from collections.abc import Sequence
from typing import Any

import httpx

from app.services.keys import create_key
from app.services.rights import Scope
from app.store.db import Database

BOOTSTRAP_KEY = "bootstrap-key-of-the-tests"
PERIOD = "2024-07"
RATIO = "dossier_sync"


def a_unit(**overrides: Any) -> dict[str, Any]:
    """A unit as a request states it: the province Tuyên Quang."""
    return {"code": "H60", "name": "UBND tỉnh Tuyên Quang", "level": "province", **overrides}


def a_commune(code: str = "H60.100", **overrides: Any) -> dict[str, Any]:
    """A commune as a request states it, under the province that its code begins with."""
    return a_unit(**{"code": code, "name": f"UBND xã {code}", "level": "commune", "parent": code[:3], **overrides})


def some_figures(*units: str, **overrides: Any) -> list[dict[str, Any]]:
    """A long row for each unit (H60 where none is named): a ratio by its counts, from the national portal."""
    figure = {
        "period": PERIOD,
        "indicator": RATIO,
        "numerator": 25775,
        "denominator": 26080,
        "source": "national_portal",
        "observed_at": "2024-08-26T09:00:00+07:00",
    }
    return [{"unit": unit, **figure, **overrides} for unit in units or ("H60",)]


def a_framework(**overrides: Any) -> dict[str, Any]:
    """A framework document: one criterion of 100 points on one ratio, two bands."""
    indicator = {"code": "counter_on_time", "kind": "ratio", "name": {"vi": "Đúng hạn tại quầy"}}
    return {
        "code": "mot_cua",
        "version": "2026",
        "name": {"vi": "Chỉ số một cửa"},
        "valid_from": "2026-01-01",
        "indicators": [indicator],
        "bands": [
            {"code": "passed", "name": {"vi": "Đạt"}, "min": 50},
            {"code": "failed", "name": {"vi": "Không đạt"}, "min": 0},
        ],
        "criteria": [
            {
                "code": "on_time",
                "name": {"vi": "Đúng hạn"},
                "max": 100,
                "rules": [{"kind": "ratio", "indicator": "counter_on_time", "full_at": 95}],
            }
        ],
        **overrides,
    }


def a_key(database: Database, *scopes: Scope, name: str = "clerk", unit: str | None = None) -> str:
    """Make a key (of `values:read` where no scope is named) and return its secret."""
    with database.writing() as session:
        return create_key(session, name, scopes or [Scope.VALUES_READ], unit)


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


async def with_units(api: httpx.AsyncClient, units: Sequence[dict[str, Any]]) -> None:
    """State units and see them taken."""
    answer = await api.post("/v1/units/import", json=list(units))
    assert answer.status_code == 200, answer.text


async def with_figures(api: httpx.AsyncClient, figures: Sequence[dict[str, Any]], **query: Any) -> dict[str, Any]:
    """Import figures, see them taken, and return what the import answered."""
    answer = await api.post("/v1/imports", json=list(figures), params=query)
    assert answer.status_code == 200, answer.text
    taken: dict[str, Any] = answer.json()
    return taken
