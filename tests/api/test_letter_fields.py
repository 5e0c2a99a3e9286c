"""The fields of a letter as the announcement answers them, by the names of the vocabulary; null where there is none."""

from collections.abc import Iterator

import httpx

from app.reports.fields.vocabulary import ROOT, Node
from tests.api.test_announcement import letter, total
from tests.make import a_commune, a_unit, some_figures, with_figures, with_units

Client = httpx.AsyncClient
OURS, BEST, LAST = "H60.101", "H60.102", "H60.103"


def strangers(value: object, node: Node, path: str = "") -> Iterator[str]:
    """The paths of an answer that the vocabulary does not have, or has in another shape."""
    if isinstance(value, dict):
        for name, member in value.items():
            below = node.step(name)
            yield from [f"{path}.{name}"] if below is None else strangers(member, below, f"{path}.{name}")
        if node.shape == "object" and node.members.keys() != value.keys():
            yield path
    elif isinstance(value, list):
        for each in value:
            yield from [path] if node.item is None else strangers(each, node.item, f"{path}[]")
    elif node.shape != "scalar" and value is not None:
        yield path


async def test_every_member_is_a_field_of_the_vocabulary(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune(OURS), a_commune(BEST)])
    await with_figures(api, [*some_figures(), total(OURS, 70), total(BEST, 90)])
    await api.put("/v1/targets", json={"indicator": "total_points", "year": 2024, "target": 80})

    told = (await letter(api))["fields"]

    assert told["classes"]
    assert told["criteria"]
    assert list(strangers(told, ROOT)) == []


async def test_what_nobody_has_stated_is_null_and_never_nought(api: Client) -> None:
    await with_units(api, [a_unit()])
    await with_figures(api, some_figures())

    told = (await letter(api))["fields"]

    assert (told["total"], told["rank"], told["overdue"], told["change"]["total"]) == (None, None, None, None)
    assert [each["points"] for each in told["groups"].values()] == [None] * 6
    assert told["criteria"]["dossier_sync"]["before"]["rate"] is None


async def test_a_unit_sees_what_it_lacks_to_the_next_place_and_to_the_first(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune(OURS), a_commune(BEST), a_commune(LAST)])
    await with_figures(api, [total(OURS, "70.5"), total(BEST, 90), total(LAST, 60)])

    told = (await letter(api, under=OURS))["fields"]
    first = (await letter(api, under=BEST))["fields"]

    assert (told["rank"], told["cohort"]) == (2, 3)
    assert told["next_place"] == {"rank": 1, "total": 90, "gap": 19.5}
    assert told["first_ten_mean"] == {"of": 3, "mean": 73.5, "gap": -3}
    assert first["next_place"] is None


async def test_a_place_among_a_few_says_nothing_of_the_next_one(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune(OURS), a_commune(BEST), a_commune(LAST)])
    await with_figures(api, [total(OURS, 70), total(BEST, 90)])

    told = (await letter(api, under=OURS))["fields"]

    assert (told["next_place"], told["first_ten_mean"]) == (None, None)
