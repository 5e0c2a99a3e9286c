"""What is supposed is what an import of the same rows makes of the board, field by field, whatever the rows."""

from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.conftest import Clock
from tests.make import a_commune, some_figures, with_figures, with_units
from tests.support.chance import ROUNDS
from tests.support.evaluations import a_province
from tests.support.what_if import BOARD, as_read, supposed

Client = httpx.AsyncClient


@pytest.fixture(autouse=True)
async def province(api: Client, clock: Clock) -> None:
    await a_province(api, clock)


POINTS = ("total_points", "payment_points", "transparency_points", "satisfaction_points")
FIGURES = st.one_of(
    st.fixed_dictionaries(
        {"indicator": st.sampled_from(POINTS), "value": st.integers(0, 100).map(lambda tenths: tenths / 10)}
    ),
    st.builds(lambda n: {"indicator": "dossier_sync", "numerator": n, "denominator": 9}, st.integers(0, 9)),
    st.builds(lambda code: {"indicator": code, "retract": True}, st.sampled_from((*POINTS, "dossier_sync"))),
)
MOMENTS = st.sampled_from([None, "2024-08-01T00:00:00Z", "2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z"])
ROWS = st.lists(
    st.builds(
        lambda figure, unit, source, moment: {
            "unit": unit,
            "period": "2024-07",
            "source": source,
            **({} if moment is None else {"observed_at": moment}),
            **figure,
        },
        FIGURES,
        st.sampled_from(["H60.101", "H60.102", "H60.103", "H60.104"]),
        st.sampled_from(["national_portal", "manual"]),
        MOMENTS,
    ),
    max_size=8,
    unique_by=lambda row: (row["unit"], row["indicator"], row["source"], row.get("observed_at")),
)


@pytest.fixture
async def more_units(api: Client) -> None:
    """A commune without figures, and one with figures by counts."""
    await with_units(api, [a_commune("H60.104")])
    await with_figures(api, some_figures("H60.103"))


@pytest.mark.usefixtures("more_units")
@settings(max_examples=12 * ROUNDS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(rows=ROWS, framework=st.sampled_from(["qd766", "qd766@2026"]))
async def test_what_is_supposed_is_what_an_import_makes_of_it(
    api: Client, rows: list[dict[str, Any]], framework: str
) -> None:
    read = {**BOARD, "framework": framework}
    before = (await api.get("/v1/scores", params=read)).json()["items"]

    found = await supposed(api, *rows, framework=framework)
    taken = await with_figures(api, rows)
    after = (await api.get("/v1/scores", params=read)).json()

    assert [_undated(as_read(each)) for each in found["items"]] == [_undated(each) for each in after["items"]]
    assert (found["cohort"], found["summary"]) == (after["cohort"], after["summary"])
    assert {code: item["base"]["total"] for code, item in _by_unit(found["items"])} == {
        code: (dict(_by_unit(before)).get(code) or {"total": None})["total"] for code, _ in _by_unit(found["items"])
    }
    await api.post(f"/v1/imports/{taken['id']}/undo")
    assert (await api.get("/v1/scores", params=read)).json()["items"] == before


def _undated(item: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in item.items() if name != "observed_at"}


def _by_unit(items: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    return [(each["unit"]["code"], each) for each in items]
