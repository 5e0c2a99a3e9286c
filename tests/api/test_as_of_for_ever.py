"""An answer as of a moment stays the same to the last byte, whatever is written later."""

import random
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.api.conftest import Clock
from tests.make import a_commune, a_framework, a_unit, some_figures, with_figures, with_units

Client = httpx.AsyncClient
Write = Callable[[Client, int], Awaitable[httpx.Response]]

COMMUNES = ("H60.101", "H60.102", "H60.103")
PERIODS = ("2024-06", "2024-07")
RATIO = "counter_on_time"
READS = (
    "values?limit=1000",
    "values?under=H60",
    "values?under=H60&period=2024-07&level=commune",
    "values?level=commune&from=2024-06&to=2024-07",
    "values?history=true",
    "values?format=json-stat",
    "values?unit=H60.101",
    "values?unit=H60.900",
    "values?under=H61",
    "values?indicator=waiting_minutes",
    "scores?period=2024-07&level=commune",
    "scores?period=2024-07&level=commune&under=H60",
    "scores?period=2024-07&level=commune&framework=qd766",
    "scores?period=2024-07&level=commune&framework=mot_cua@2024",
    "scores?period=2024-07&level=commune&framework=mot_cua@2025",
    "scores?period=2024-07&level=commune&format=csv",
    "scores/H60.101",
    "scores/H60.101?limit=1",
    "scores/H60.101?from=2024-06&to=2024-07",
    "scores/H60.101/2024-07",
    "scores/H60.101/2024-07?framework=qd766",
    "findings?period=2024-07",
    "findings?period=2024-07&under=H60",
    "periods/2024-07/completeness?level=commune",
    "reports/classification?period=2024-07&under=H60",
    "reports/comparison?period=2024-07&unit=H60.101",
    "reports/comparison?period=2024-07&under=H60",
    f"reports/counts?period=2024-07&under=H60&indicator={RATIO}",
    "reports/below-target?period=2024-07&under=H60",
    "reports/reconciliation?period=2024-07&under=H60",
    "reports/publication?period=2024-07&under=H60",
    "reports/tasks?period=2024-07&under=H60",
    "reports/announcement?period=2024-07&under=H60",
    "reports/brief?period=2024-07&under=H60",
    "reports/notice?period=2024-07&under=H60&format=json",
    "targets?year=2024",
    "publications?period=2024-07",
    "tasks?period=2024-07",
    "import-profiles",
    "letter-profiles",
    "letter-profiles/H60",
    "units?under=H60",
    "units/H60.101",
)
NOT_YET = ["unit_unknown", "unit_unknown", "indicator_unknown", "framework_unknown"]
"""What the reads are refused with that ask for what only later writes bring."""
OF_TODAY = {"due_on", "overdue"}
"""What is asked of today and not of the moment: by when figures are due."""


def rules(points: int, name: str, **more: Any) -> dict[str, Any]:
    """The framework with another slope, and its indicator under another name."""
    found = a_framework(version="2024", valid_from="2024-01-01", **more)
    found["indicators"] = [{"code": RATIO, "kind": "ratio", "name": {"vi": name}}]
    found["criteria"][0]["rules"][0]["full_at"] = points
    return found


def rates(period: str, *units: str, numerator: int = 900, observed_at: str = "2026-10-01T00:00:00Z") -> list[Any]:
    figure = {"indicator": RATIO, "numerator": numerator, "denominator": 1000, "observed_at": observed_at}
    return some_figures(*units, period=period, **figure)


async def replace_rules(api: Client, seed: int) -> httpx.Response:
    return await api.post("/v1/frameworks", json=rules(50 + seed, f"Đúng hạn {seed}"))


async def add_version(api: Client, seed: int) -> httpx.Response:
    document = {**rules(40 + seed, f"Đúng hạn, bản {seed}"), "version": "2025", "valid_from": "2024-07-01"}
    return await api.post("/v1/frameworks", json=document)


async def add_indicator(api: Client, seed: int) -> httpx.Response:
    document = rules(90, "Đúng hạn")
    indicators = [*document["indicators"], {"code": "waiting_minutes", "kind": "number", "name": {"vi": f"Chờ {seed}"}}]
    return await api.post(
        "/v1/frameworks", json={**document, "code": "khac", "version": f"v{seed}", "indicators": indicators}
    )


async def correct_figures(api: Client, seed: int) -> httpx.Response:
    return await api.post("/v1/imports", json=rates("2024-07", *COMMUNES, numerator=500 + seed))


async def look_up_again(api: Client, seed: int) -> httpx.Response:
    later: dict[str, Any] = {"numerator": 400 + seed, "observed_at": f"2026-10-02T00:00:{seed:02d}Z"}
    return await api.post("/v1/imports", json=rates("2024-06", COMMUNES[seed % 3], **later))


async def add_period(api: Client, seed: int) -> httpx.Response:
    return await api.post("/v1/imports", json=rates("2024-05", *COMMUNES, numerator=700 + seed))


async def take_figures_back(api: Client, seed: int) -> httpx.Response:
    row = {"unit": COMMUNES[seed % 3], "period": "2024-07", "indicator": RATIO, "source": "national_portal"}
    return await api.post("/v1/imports", json=[{**row, "retract": True}])


async def undo_import(api: Client, seed: int) -> httpx.Response:
    return await api.post("/v1/imports/1/undo")


async def rename_unit(api: Client, seed: int) -> httpx.Response:
    return await api.patch(f"/v1/units/{COMMUNES[seed % 3]}", json={"name": f"Xã {seed}"})


async def move_unit(api: Client, seed: int) -> httpx.Response:
    event = {"kind": "move", "effective_on": "2025-07-01", "from": [COMMUNES[2]], "parent": "H19"}
    return await api.post("/v1/unit-events", params={"force": True}, json=event)


async def move_unit_in_the_past(api: Client, seed: int) -> httpx.Response:
    event = {"kind": "move", "effective_on": "2024-01-01", "from": [COMMUNES[1]], "parent": "H19"}
    return await api.post("/v1/unit-events", params={"force": True}, json=event)


async def add_units(api: Client, seed: int) -> httpx.Response:
    units = [a_unit(code="H61", name="Tỉnh mới"), a_commune("H60.900"), a_commune(f"H60.9{seed:02d}")]
    answer = await api.post("/v1/units/import", json=units)
    assert answer.status_code == 200, answer.text
    return await api.post("/v1/imports", json=rates("2024-07", f"H60.9{seed:02d}", "H60.900", numerator=990))


async def set_target(api: Client, seed: int) -> httpx.Response:
    target = {"unit": "H60", "indicator": RATIO, "year": 2024, "target": 40 + seed}
    return await api.put("/v1/targets", json=target)


async def set_profile(api: Client, seed: int) -> httpx.Response:
    return await api.put("/v1/letter-profiles/H60", json={"signature": {"name": f"Nguyễn Văn {seed}"}})


async def set_publication(api: Client, seed: int) -> httpx.Response:
    stated = {"unit": COMMUNES[seed % 3], "period": "2024-07", "note": f"Ghi chú {seed}"}
    return await api.put("/v1/publications", json=stated)


async def order_task(api: Client, seed: int) -> httpx.Response:
    task = {"kind": "directive", "title": f"Việc {seed}", "unit": "H60", "assignee": COMMUNES[0], "period": "2024-07"}
    return await api.post("/v1/tasks", json=task)


async def evaluate(api: Client, seed: int) -> httpx.Response:
    order = {"framework": "mot_cua@2024", "period": "2024-07", "under": "H60", "levels": ["commune"]}
    return await api.post("/v1/evaluations", json=order)


async def set_due(api: Client, seed: int) -> httpx.Response:
    return await api.put("/v1/periods/2024-07/due", json={"due_on": f"2024-08-{seed % 27 + 1:02d}"})


WRITES: tuple[Write, ...] = (
    replace_rules,
    add_version,
    add_indicator,
    correct_figures,
    look_up_again,
    add_period,
    take_figures_back,
    undo_import,
    rename_unit,
    move_unit,
    move_unit_in_the_past,
    add_units,
    set_target,
    set_profile,
    set_publication,
    order_task,
    set_due,
    evaluate,
)


@pytest.fixture
async def beginning(api: Client, clock: Clock) -> str:
    """The moment at which no more is known than what `begin` states."""
    await begin(api)
    clock.forward(hours=1)
    return moment(clock)


async def begin(api: Client) -> None:
    """Rules, a tree and figures of two months."""
    assert (await api.post("/v1/frameworks", json=rules(95, "Đúng hạn"))).status_code == 201
    await with_units(api, [a_unit(), a_unit(code="H19", name="Tỉnh Đồng Nai"), *map(a_commune, COMMUNES)])
    for period in PERIODS:
        await with_figures(api, [*rates(period, "H60", *COMMUNES), *some_figures(*COMMUNES, period=period)])
    for write in (set_target, set_profile, set_publication, order_task):
        answer = await write(api, 0)
        assert answer.is_success, answer.text


def moment(clock: Clock) -> str:
    return clock.present.strftime("%Y-%m-%dT%H:%M:%SZ")


def with_rules(read: str) -> str:
    """The address of a read, with the rules of the test where it has to name any; more may be put behind it."""
    ruled = read.startswith(("scores", "findings", "periods", "reports")) and "framework" not in read
    return f"/v1/{read}{'&' if '?' in read else '?'}" + ("framework=mot_cua" if ruled else "")


async def answers(api: Client, as_of: str) -> dict[str, tuple[int, object]]:
    """Every read as of a moment: its status and body, without what is of today."""
    found: dict[str, tuple[int, object]] = {}
    for read in READS:
        path = f"{with_rules(read)}&as_of={as_of}".removeprefix("/v1/")
        answer = await api.get(f"/v1/{path}")
        assert answer.status_code in (200, 404), f"{path}: {answer.text}"
        json = answer.headers["content-type"].startswith("application/json")
        body = {n: v for n, v in answer.json().items() if n not in OF_TODAY} if json else answer.text
        found[path] = answer.status_code, body if answer.status_code == 200 else answer.json()["code"]
    return found


@pytest.mark.parametrize("seed", range(3))
async def test_no_write_changes_an_answer_as_of_an_earlier_moment(
    api: Client, clock: Clock, beginning: str, seed: int
) -> None:
    chance = random.Random(seed)
    walk = chance.sample(WRITES, len(WRITES))
    before = await answers(api, beginning)
    assert {path.partition("?")[0] for path, (status, _) in before.items() if status == 404} == {"scores", "values"}
    assert [body for status, body in before.values() if status == 404] == NOT_YET

    for step, write in enumerate(walk):
        clock.forward(hours=1)
        answer = await write(api, step + 1)
        assert answer.is_success or answer.status_code in (409, 422), answer.text  # what no longer fits the walk
        assert {path: each for path, each in (await answers(api, beginning)).items() if each != before[path]} == {}, (
            write.__name__
        )


async def test_every_kind_of_write_is_taken(api: Client, clock: Clock, beginning: str) -> None:
    for step, write in enumerate(WRITES):
        clock.forward(hours=1)
        answer = await write(api, step + 1)
        assert answer.is_success, f"{write.__name__}: {answer.text}"


async def test_a_replaced_document_still_scores_at_the_moment_when_it_stood(
    api: Client, clock: Clock, beginning: str
) -> None:
    path = "/v1/scores/H60.101/2024-07?framework=mot_cua"
    old = (await api.get(path)).json()
    clock.forward(hours=1)
    await replace_rules(api, 5)

    assert (await api.get(path)).json()["total"] == 100
    assert (await api.get(f"{path}&as_of={beginning}")).json()["total"] == old["total"] == 94.74


async def test_a_later_version_is_in_force_only_since_it_is_known(api: Client, clock: Clock, beginning: str) -> None:
    path = "/v1/scores?period=2024-07&level=commune&framework=mot_cua"
    clock.forward(hours=1)
    await add_version(api, 5)

    assert (await api.get(path)).json()["framework"] == "mot_cua@2025"
    assert (await api.get(f"{path}&as_of={beginning}")).json()["framework"] == "mot_cua@2024"
    refused = await api.get(f"{path}@2025&as_of={beginning}")
    assert (refused.status_code, refused.json()["code"]) == (404, "framework_unknown")
    assert "`as_of`" in refused.json()["detail"]


async def test_a_moment_before_any_framework_knows_none(api: Client, beginning: str) -> None:
    refused = await api.get("/v1/scores?period=2024-07&level=commune&framework=mot_cua&as_of=2020-01-01T00:00:00Z")

    assert (refused.status_code, refused.json()["code"]) == (404, "framework_unknown")


async def test_an_undone_import_is_still_listed_in_a_span_at_the_moment_when_it_stood(
    api: Client, clock: Clock, beginning: str
) -> None:
    taken = await with_figures(api, rates("2023-05", COMMUNES[0]))
    clock.forward(hours=1)
    then = moment(clock)
    clock.forward(hours=1)
    assert (await api.post(f"/v1/imports/{taken['id']}/undo")).status_code == 200

    for named in ("from=2023-05&to=2023-05", "under=H60&from=2023-01&to=2023-12", "level=commune&period=2023-05"):
        found = (await api.get(f"/v1/values?{named}&as_of={then}")).json()["items"]
        assert [each["unit"] for each in found] == [COMMUNES[0]], named
        assert (await api.get(f"/v1/values?{named}")).json()["items"] == []


async def test_values_under_a_unit_follow_the_tree_of_their_period(api: Client, clock: Clock, beginning: str) -> None:
    await with_figures(api, rates("2025-08", *COMMUNES, observed_at="2025-09-01T00:00:00Z"))
    clock.forward(hours=1)
    assert (await move_unit(api, 1)).status_code == 201

    async def told(**query: str) -> set[tuple[str, str]]:
        items = (await api.get("/v1/values", params={"indicator": RATIO, "limit": "1000", **query})).json()["items"]
        return {(each["period"], each["unit"]) for each in items}

    moved = COMMUNES[2]
    assert await told(under="H19") == {("2025-08", moved)}
    assert await told(under="H60") == {
        *((period, unit) for period in PERIODS for unit in COMMUNES),
        *(("2025-08", unit) for unit in COMMUNES[:2]),
    }
    assert await told(under="H60", period="2024-07") == {("2024-07", unit) for unit in COMMUNES}
    assert await told(under="H60", history="true") == await told(under="H60")
    assert await told(under="H19", **{"from": "2025-01", "to": "2025-12"}) == {("2025-08", moved)}
