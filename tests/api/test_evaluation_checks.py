"""Evaluations under examination: the trace of each write, the difference between two, and tampering found."""

from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import select, update

from app.store.audit import AuditEntry, broken_links
from app.store.db import Database
from app.store.evaluations import EvaluationPart
from tests.api.conftest import Clock
from tests.make import with_figures
from tests.support.evaluations import a_province, published, totals

Client = httpx.AsyncClient
CallerMaker = Callable[..., httpx.AsyncClient]


@pytest.fixture(autouse=True)
async def province(api: Client, clock: Clock) -> None:
    await a_province(api, clock)


async def test_every_write_leaves_one_entry_and_superseding_names_both(api: Client, database: Database) -> None:
    with database.reading() as session:
        held = len(session.execute(select(AuditEntry)).all())
    first, second = await published(api), await published(api)
    await api.post(f"/v1/evaluations/{second['id']}/withdraw", json={"reason": "Sai"})

    with database.reading() as session:
        entries = session.execute(select(AuditEntry).order_by("id")).scalars().all()[held:]
        assert list(broken_links(session)) == []
    assert [(each.action, each.subject) for each in entries] == [
        ("evaluation.created", f"evaluation:{first['id']}"),
        ("evaluation.published", f"evaluation:{first['id']}"),
        ("evaluation.created", f"evaluation:{second['id']}"),
        ("evaluation.published", f"evaluation:{second['id']}"),
        ("evaluation.withdrawn", f"evaluation:{second['id']}"),
    ]
    assert entries[3].after["supersedes"] == first["id"]
    assert entries[4].after["reason"] == "Sai"


async def test_a_refused_write_leaves_no_entry(api: Client, database: Database) -> None:
    first = await published(api)
    with database.reading() as session:
        held = len(session.execute(select(AuditEntry)).all())

    await api.post(f"/v1/evaluations/{first['id']}/publish")
    await api.post(f"/v1/evaluations/{first['id']}/withdraw", json={"reason": " "})

    with database.reading() as session:
        assert len(session.execute(select(AuditEntry)).all()) == held


async def test_a_difference_between_two_is_told_with_the_figures_behind_it(api: Client) -> None:
    first = await published(api)
    await with_figures(api, totals("2024-07", {"H60.101": "85"}, observed_at="2026-10-02T00:00:00Z"))
    second = await published(api)

    found = (await api.get(f"/v1/evaluations/{second['id']}/diff", params={"against": first["id"]})).json()
    same = (await api.get(f"/v1/evaluations/{first['id']}/diff", params={"against": first["id"]})).json()

    told = {(each["unit"], each["member"]): (each["before"], each["now"]) for each in found["differences"]}
    assert told["H60.101", "total"] == (70, 85)
    assert told["H60.101", "rank"] == (3, 1)
    assert told["H60.101", "band.code"] == ("fair", "good")
    assert told["H60.102", "rank"] == (1, 2)
    assert told[None, "summary.mean"] == (77.67, 82.67)
    assert ("H60.102", "total") not in told
    assert found["figures"] == [
        {
            "period": "2024-07",
            "unit": "H60.101",
            "indicator": "total_points",
            "source": "national_portal",
            "before": {"numerator": None, "denominator": None, "value": 70},
            "now": {"numerator": None, "denominator": None, "value": 85},
        }
    ]
    assert same["differences"] == same["figures"] == []


async def test_a_tampered_result_is_named_by_verify(api: Client, anonymous: Client, database: Database) -> None:
    done = await published(api)
    with database.writing() as session:
        part = EvaluationPart(evaluation=done["id"], part="results:commune", content="")
        held = session.get(EvaluationPart, (part.evaluation, part.part))
        assert held is not None
        changed = held.content.replace('"total":70,', '"total":96.5,')
        assert changed != held.content
        session.execute(update(EvaluationPart).where(EvaluationPart.part == "results:commune").values(content=changed))

    found = (await anonymous.get(f"/v1/evaluations/{done['id']}/verify")).json()

    assert found["matches"] is False
    assert {
        "level": "commune",
        "unit": "H60.101",
        "member": "total",
        "frozen": 96.5,
        "recomputed": 70,
    } in found["differences"]
