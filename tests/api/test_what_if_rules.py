"""`POST /v1/scores/what-if` under other rules: a document that is tried and forgotten, or stored ones by name."""

import copy
from typing import Any

import httpx
import pytest

from app.formats.documents import read_yaml
from app.services.frameworks import SHIPPED
from tests.api.conftest import Clock
from tests.make import a_framework, with_figures
from tests.support.evaluations import a_province, totals
from tests.support.what_if import BOARD, of, refused, supposed

Client = httpx.AsyncClient


@pytest.fixture(autouse=True)
async def province(api: Client, clock: Clock) -> None:
    await a_province(api, clock)


def other_weights() -> dict[str, Any]:
    """A document by which the reported points of payment count alone."""
    document: Any = copy.deepcopy(read_yaml((SHIPPED / "qd766@2022.yaml").read_bytes()))
    payment = next(each for each in document["criteria"] if each["code"] == "payment")
    return {
        **document,
        "version": "2031",
        "valid_from": "2031-01-01",
        "valid_to": None,
        "criteria": [{**payment, "max": 100}],
        "total": {},
        "views": [],
    }


async def test_other_rules_are_tried_and_forgotten(api: Client) -> None:
    points = {"unit": "H60.101", "indicator": "payment_points", "source": "national_portal", "value": 8}

    found = await supposed(api, points, document=other_weights())

    assert (found["framework"], found["base"]["framework"]) == ("qd766@2031", "qd766@2022")
    [only] = found["items"][:1]
    assert (only["unit"]["code"], only["total"], only["base"]["total"]) == ("H60.101", 8, 70)
    assert {"hypothetical", "outside_validity", "rules_changed"} <= set(only["flags"])
    assert only["change"]["against"] is None
    assert found["sentence"].startswith("Theo giả định (qd766@2031 thay cho qd766@2022), ")
    assert (await api.get("/v1/frameworks/qd766@2031")).status_code == 404


async def test_a_document_of_a_known_name_leaves_the_known_one_as_it_is(api: Client) -> None:
    document = {**other_weights(), "version": "2022", "valid_from": "2022-06-23"}
    before = (await api.get("/v1/scores", params=BOARD)).json()

    await supposed(api, document=document)

    await with_figures(api, totals("2023-07", {"H60.101": "75"}))
    assert (await api.get("/v1/scores", params=BOARD)).json() == before


async def test_figures_may_be_of_indicators_that_the_document_brings(api: Client) -> None:
    row = {"unit": "H60.101", "indicator": "counter_on_time", "numerator": 1, "denominator": 2, "source": "own_source"}

    found = await supposed(api, row, document=a_framework(sources=["own_source"]))

    assert of(found, "H60.101")["total"] == 52.63
    assert (await refused(api, {**row, "source": "manual"}))["errors"][0]["code"] == "indicator_unknown"


async def test_every_fault_of_a_document_is_named_in_its_place(api: Client) -> None:
    broken = a_framework(bands=[], criteria=[{"code": "x", "name": {"vi": "X"}, "max": 100, "rules": [{"kind": "?"}]}])
    problem = await refused(api, document=broken)
    posted = (await api.post("/v1/frameworks", json=broken)).json()

    assert problem["code"] == "framework_invalid"
    assert [(each["code"], each["pointer"]) for each in problem["errors"]] == [
        (each["code"], f"/document{each['pointer']}") for each in posted["errors"]
    ]


async def test_rules_are_named_once(api: Client) -> None:
    problem = await refused(api, document=a_framework(), framework="qd766@2026")

    assert problem["errors"][0]["code"] == "framework_twice"


async def test_other_stored_rules_may_be_named(api: Client) -> None:
    found = await supposed(api, framework="qd766@2026")

    assert (found["framework"], found["base"]["framework"]) == ("qd766@2026", "qd766@2026")
