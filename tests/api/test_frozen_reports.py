"""Every report over an evaluation says the same bytes for ever, whatever is written after; over live data it moves."""

from typing import Any

import httpx
import pytest

from app.config import Settings
from app.main import create_app
from tests.api.conftest import NOT_OPENED, Clock
from tests.make import a_commune, a_framework, a_unit, with_figures, with_units
from tests.support.contract import Contract
from tests.support.table_reads import formats

Client = httpx.AsyncClient
OURS, OTHER, LATER = "H60.101", "H60.102", "H60.109"

DOCUMENT = Contract(create_app(Settings(_env_file=None, database_url=NOT_OPENED)).openapi())
OPERATIONS = [
    each
    for each in DOCUMENT.operations
    if each.path.startswith("/v1/reports/") and "evaluation" in {part["name"] for part in each.parameters("query")}
]
REPORTS = {each.id: each.path for each in OPERATIONS}
FILES = [(each.id, format) for each in OPERATIONS for format in sorted(formats(each) - {"docx", "pdf"})]
NEEDED: dict[str, dict[str, str]] = {
    "read_counts_report": {"indicator": "overdue_dossiers"},
    "read_comparison_report": {"unit": OURS},
}
"""What a report has to be told beside its evaluation."""


def figures(period: str, more: int) -> list[dict[str, Any]]:
    """Two communes with counts, a rate from two sources, reported groups and totals; `more` tells two states apart."""
    stated = {"observed_at": "2026-10-01T00:00:00Z", "period": period}
    rows = []
    for place, unit in enumerate((OURS, OTHER)):
        rate = {"unit": unit, "indicator": "online_dossiers", "denominator": 100, **stated}
        rows += [
            {**rate, "numerator": 40 + place + more, "source": "national_portal"},
            {**rate, "numerator": 41 + 2 * place + more, "source": "provincial_system"},
        ]
        counted = {"transparency_points": 10 + place, "total_points": 70 + 10 * place, "overdue_dossiers": 3 + place}
        rows += [
            {"unit": unit, "indicator": indicator, "value": value + more, "source": "national_portal", **stated}
            for indicator, value in counted.items()
        ]
    return rows


async def stated(api: Client, target: int, due_on: str, title: str) -> None:
    """A target, something to publish, a task, and what letters say."""
    answers = [
        await api.put("/v1/targets", json={"indicator": "online_dossiers", "year": 2024, "target": target}),
        await api.put("/v1/publications", json={"unit": OURS, "period": "2024-07", "due_on": due_on}),
        await api.post(
            "/v1/tasks",
            json={"kind": "directive", "title": title, "assignee": OURS, "period": "2024-07", "due_on": due_on},
        ),
        await api.put("/v1/letter-profiles/H60", json={"opening": title}),
    ]
    assert [answer.is_success for answer in answers] == [True] * 4, [answer.text for answer in answers]


@pytest.fixture
async def evaluation(api: Client, clock: Clock) -> int:
    """A published evaluation of two communes, with a target, a publication that was due, a task and a profile."""
    await with_units(api, [a_unit(), a_commune(OURS), a_commune(OTHER)])
    await with_figures(api, [*figures("2024-06", 0), *figures("2024-07", 1)])
    await stated(api, 50, "2024-08-15", "Báo cáo nguyên nhân")
    clock.forward(hours=1)
    order = {"framework": "qd766", "period": "2024-07", "under": "H60", "levels": ["commune"]}
    draft = (await api.post("/v1/evaluations", json=order)).json()
    id = int(draft["id"])
    assert (await api.post(f"/v1/evaluations/{id}/publish")).status_code == 200
    return id


async def everything_moves(api: Client, clock: Clock) -> None:
    """Later figures, names, units, rules, targets, publications, tasks and profiles."""
    clock.forward(days=30)
    await with_figures(api, [*figures("2024-06", 5), *figures("2024-07", 9)], period="2024-07")
    await with_units(api, [a_commune(OURS, name="UBND phường Mới"), a_commune(LATER)])
    await with_figures(api, [{**each, "unit": LATER} for each in figures("2024-07", 2)[:5]])
    await api.post("/v1/frameworks", json=a_framework(valid_from="2024-01-01"))
    await stated(api, 90, "2024-09-30", "Việc khác")


async def read(api: Client, name: str, **query: Any) -> httpx.Response:
    answer = await api.get(REPORTS[name], params={"format": "json", **NEEDED.get(name, {}), **query})
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.parametrize(("name", "format"), FILES)
async def test_a_report_over_an_evaluation_never_changes(
    name: str, format: str, api: Client, anonymous: Client, clock: Clock, evaluation: int
) -> None:
    before = await read(anonymous, name, evaluation=evaluation, format=format)

    await everything_moves(api, clock)
    after = await read(anonymous, name, evaluation=evaluation, format=format)

    assert after.content == before.content
    assert after.headers["etag"] == before.headers["etag"]
    assert "immutable" in after.headers["cache-control"]


@pytest.mark.parametrize("name", sorted(REPORTS))
async def test_over_live_data_it_does_change(name: str, api: Client, clock: Clock, evaluation: int) -> None:
    live = {"period": "2024-07", "under": "H60", "level": "commune"}
    before = await read(api, name, **live)

    await everything_moves(api, clock)
    after = await read(api, name, **live)
    then = await read(api, name, **live, as_of=before.json()["as_of"])

    told = [{name: value for name, value in each.json().items() if name != "as_of"} for each in (before, after)]
    assert told[0] != told[1]
    assert then.json() == before.json()


@pytest.mark.parametrize("name", sorted(REPORTS))
async def test_frozen_and_live_say_the_same_at_the_same_moment(name: str, api: Client, evaluation: int) -> None:
    frozen = (await read(api, name, evaluation=evaluation)).json()
    live = (await read(api, name, period="2024-07", under="H60", level="commune", as_of=frozen["as_of"])).json()

    untold: dict[str, Any] = {"notes": []} if "notes" in live else {}  # a public letter has none
    untold |= {"fields": {**live["fields"], "notes": []}} if "fields" in live else {}
    assert {**frozen, "evaluation": None} == {**live, **untold}
