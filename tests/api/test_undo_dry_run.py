"""What an undo would do is told before it is done, and nothing is changed by asking."""

from collections.abc import Callable

import httpx
import pytest

from app.services.rights import Scope
from tests.api.conftest import Clock
from tests.make import a_commune, a_unit, some_figures, with_figures, with_units

Client = httpx.AsyncClient
UNITS = ("H60", "H60.101", "H60.102")
TOLD = ("rows", "created", "updated", "unchanged", "rejected", "errors", "warnings", "undoes")


@pytest.fixture
async def units(api: Client) -> None:
    await with_units(api, [a_unit(), *map(a_commune, UNITS[1:])])


async def everything(api: Client) -> list[bytes]:
    paths = ("/v1/values?history=true", "/v1/imports", "/v1/imports/1", "/v1/audit")
    return [(await api.get(path)).content for path in paths]


@pytest.mark.usefixtures("units")
async def test_a_dry_run_tells_what_the_undo_then_does_and_changes_nothing(api: Client, clock: Clock) -> None:
    first = await with_figures(api, some_figures(*UNITS))
    clock.forward(minutes=1)
    await with_figures(api, some_figures("H60", numerator=1, observed_at=None))
    late = some_figures("H60.101", numerator=2, observed_at="2024-08-01T09:00:00+07:00")
    await with_figures(api, late)
    before = await everything(api)

    answer = await api.post(f"/v1/imports/{first['id']}/undo", params={"dry_run": True})

    told = answer.json()
    assert (answer.status_code, told["id"], told["status"]) == (200, None, "planned")
    assert (told["rows"], told["updated"], told["unchanged"]) == (3, 2, 1)
    assert [each["code"] for each in told["warnings"]] == ["changed_since"]
    assert "chiso-version" not in answer.headers
    assert await everything(api) == before
    done = (await api.post(f"/v1/imports/{first['id']}/undo")).json()
    assert {name: done[name] for name in TOLD} == {name: told[name] for name in TOLD}


@pytest.mark.usefixtures("units")
async def test_what_cannot_be_undone_is_refused_a_dry_run_as_well(api: Client, as_key: Callable[..., Client]) -> None:
    done = await with_figures(api, some_figures("H60.101"))
    path = f"/v1/imports/{done['id']}/undo"
    stranger = as_key(Scope.VALUES_WRITE, unit="H60.102")

    foreign = await stranger.post(path, params={"dry_run": True})
    await api.put("/v1/periods/2024-07/lock")
    locked = await api.post(path, params={"dry_run": True})
    await api.delete("/v1/periods/2024-07/lock")
    await api.post(path)
    again = await api.post(path, params={"dry_run": True})

    assert [(each.status_code, each.json()["code"]) for each in (foreign, locked, again)] == [
        (404, "import_unknown"),
        (409, "period_locked"),
        (409, "already_undone"),
    ]
