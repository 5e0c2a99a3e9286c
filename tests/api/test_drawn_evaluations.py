"""Evaluations are drawn up on a snapshot: others write meanwhile, and what they write is not in it."""

import asyncio
from threading import Event
from typing import Any

import httpx
import pytest

from app.services import evaluation_states
from tests.api.conftest import Clock
from tests.make import a_framework, a_unit, some_figures, with_figures
from tests.support.evaluations import a_province, an_order, totals

Client = httpx.AsyncClient
PATIENCE_S = 20


class Held:
    """Drawing up, held back after the snapshot was read until the test lets it go on."""

    def __init__(self) -> None:
        self.draw_up, self.drawn, self.go_on = evaluation_states.draw_up, Event(), Event()

    def __call__(self, *arguments: Any) -> evaluation_states.DrawnEvaluation:
        found = self.draw_up(*arguments)
        self.drawn.set()
        self.go_on.wait(PATIENCE_S)
        return found


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    held = Held()
    monkeypatch.setattr(evaluation_states, "draw_up", held)
    return held


async def drawn_while(api: Client, held: Held, order: dict[str, Any], *writes: tuple[str, str, Any]) -> dict[str, Any]:
    """A draft during whose making others wrote, all of whom were answered before it was stored."""
    asked = asyncio.create_task(api.post("/v1/evaluations", json=order))
    assert await asyncio.to_thread(held.drawn.wait, PATIENCE_S)
    for method, path, body in writes:
        answer = await asyncio.wait_for(api.request(method, path, json=body), PATIENCE_S)
        assert answer.is_success, answer.text
    assert not asked.done()
    held.go_on.set()
    answer = await asked
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_others_write_while_an_evaluation_is_drawn_up(api: Client, clock: Clock, held: Held) -> None:
    await a_province(api, clock)
    before = (await api.get("/v1/scores", params={"period": "2024-07", "level": "commune", "under": "H60"})).json()
    clock.forward(hours=1)

    later = totals("2024-07", {"H60.101": "99"}, observed_at="2026-10-02T00:00:00Z")
    draft = await drawn_while(
        api, held, an_order(), ("PUT", "/v1/units/H20", a_unit(code="H20")), ("POST", "/v1/imports", later)
    )

    frozen = (await api.get(f"/v1/evaluations/{draft['id']}/scores")).json()
    assert [each["total"] for each in frozen["items"]] == [each["total"] for each in before["items"]]
    assert draft["as_of"] == before["as_of"]
    assert (await api.get(f"/v1/evaluations/{draft['id']}/verify")).json()["matches"]


async def test_rules_that_were_replaced_meanwhile_are_not_frozen(api: Client, clock: Clock, held: Held) -> None:
    await a_province(api, clock)
    old, new = (a_framework(valid_from="2024-01-01", name={"vi": name}) for name in ("Bộ cũ", "Bộ mới"))
    assert (await api.post("/v1/frameworks", json=old)).status_code == 201
    await with_figures(api, some_figures("H60.101"))

    draft = await drawn_while(api, held, an_order(framework=old["code"]), ("POST", "/v1/frameworks", new))

    content = (await api.get(f"/v1/evaluations/{draft['id']}/content")).text
    assert "Bộ mới" in content
    assert "Bộ cũ" not in content
    used = await api.post("/v1/frameworks", json=old)
    assert (used.status_code, used.json()["code"]) == (409, "framework_used")
