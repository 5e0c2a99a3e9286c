"""`GET /v1/scores/sensitivity`: how sure ranks are while the weights of the groups are drawn anew."""

import csv
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.services.insight import sensitivity as service
from app.services.rights import Scope
from tests.make import a_commune, a_unit, with_figures, with_units

Client = httpx.AsyncClient
KeyMaker = Callable[..., Client]
PATH = "/v1/scores/sensitivity"
BOARD = {"period": "2024-07", "level": "commune", "under": "H60"}
GROUPS = ("transparency", "progress", "online", "payment", "satisfaction", "digitization")
POINTS = {
    "H60.101": (18, 20, 12, 10, 18, 22),
    "H60.102": (17, 10, 12, 3, 17, 21),
    "H60.103": (10, 20, 6, 10, 16, 18),
    "H60.104": (5, 5, 5, 5, 5, 5),
}
"""Points of the six groups: the first unit has all of them, the last is far behind."""


@pytest.fixture(autouse=True)
async def province(api: Client) -> None:
    await with_units(api, [a_unit(), a_unit(code="H19"), *map(a_commune, POINTS), a_commune("H60.105")])
    figure = {"period": "2024-07", "source": "national_portal", "observed_at": "2026-10-01T00:00:00Z"}
    rows = [
        {"unit": unit, "indicator": f"{group}_points", "value": value, **figure}
        for unit, points in POINTS.items()
        for group, value in zip(GROUPS, points, strict=True)
    ]
    await with_figures(api, [*rows, {"unit": "H60.105", "indicator": "total_points", "value": 60, **figure}])


def with_query(query: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**BOARD, **query}.items() if value is not None}


async def read(client: Client, **query: Any) -> dict[str, Any]:
    answer = await client.get(PATH, params=with_query({"draws": 100, **query}))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def refused(client: Client, status: int = 422, **query: Any) -> dict[str, Any]:
    answer = await client.get(PATH, params=with_query(query))
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def of(board: dict[str, Any], unit: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in board["items"] if each["unit"]["code"] == unit)
    return found


async def test_without_a_spread_it_is_the_board(api: Client) -> None:
    found = await read(api, weights=0)
    board = (await api.get("/v1/scores", params=BOARD)).json()

    for each in found["items"]:
        shown = of(board, each["unit"]["code"])
        assert {name: each[name] for name in ("rank", "tied", "total", "band")} == {
            name: shown[name] for name in ("rank", "tied", "total", "band")
        }
        assert each["ranks"] == dict.fromkeys(("p5", "p50", "p95"), shown["rank"])
        assert [c["code"] for c in each["classes"] if c["count"] == 100] == [shown["band"]["code"]]
    assert (found["mean_rank_change"], len(found["items"])) == (0, 4)
    assert {name: found[name] for name in ("framework", "period", "as_of", "cohort", "groups_meta")} == {
        name: board[name] for name in ("framework", "period", "as_of", "cohort", "groups_meta")
    }


async def test_who_leads_everywhere_stays_first_and_close_ranks_change(api: Client) -> None:
    found = await read(api, weights="0.5", draws=1000)

    assert of(found, "H60.101")["ranks"] == {"p5": 1, "p50": 1, "p95": 1}
    assert (of(found, "H60.102")["ranks"]["p5"], of(found, "H60.102")["ranks"]["p95"]) == (2, 3)
    assert 0 < found["mean_rank_change"] < 1


async def test_classes_are_counted_over_all_draws(api: Client) -> None:
    found = await read(api, weights="0.5", draws=7)

    for each in found["items"]:
        assert sum(one["count"] for one in each["classes"]) == 7
    shares = {one["count"]: one["share"] for each in found["items"] for one in each["classes"]}
    assert (shares[0], shares[7]) == (0, 1)
    assert all(share == round(count / 7, 4) for count, share in shares.items())


async def test_a_rank_without_a_group_is_the_one_that_the_rest_gives(api: Client) -> None:
    found = await read(api)

    without = {unit: of(found, unit)["without"] for unit in ("H60.102", "H60.103")}
    assert (without["H60.102"]["progress"], without["H60.103"]["progress"]) == (2, 3)
    assert (of(found, "H60.102")["rank"], without["H60.102"]["transparency"]) == (2, 3)
    assert without["H60.102"].keys() == set(GROUPS)


async def test_margins_are_points_to_the_neighbours_and_the_edges(api: Client) -> None:
    found = await read(api)

    assert of(found, "H60.101")["margins"] == {
        "rank_above": None,
        "rank_below": 20,
        "class_above": None,
        "class_below": 10,
    }
    assert of(found, "H60.104")["margins"] == {
        "rank_above": 30,
        "rank_below": None,
        "class_above": 20,
        "class_below": None,
    }


async def test_reported_totals_are_left_out_and_counted_and_keep_their_places(api: Client) -> None:
    found = await read(api)

    assert found["excluded"] == [{"reason": "reported_total", "count": 1}]
    assert (found["units"], found["cohort"]["ranked"]) == (4, 5)
    assert of(found, "H60.104")["rank"] == 5


async def test_who_is_not_ranked_is_counted_apart(api: Client) -> None:
    await with_units(api, [a_commune("H60.106")])
    figure: dict[str, Any] = {"unit": "H60.106", "period": "2024-07", "indicator": "payment_points", "value": 4}
    await with_figures(api, [{**figure, "source": "national_portal"}])

    found = await read(api)

    assert {"reason": "unranked", "count": 1} in found["excluded"]
    assert found["units"] + sum(each["count"] for each in found["excluded"]) == found["cohort"]["size"]


async def test_the_same_seed_gives_the_same_bytes(api: Client) -> None:
    query: dict[str, Any] = {**BOARD, "draws": 300, "weights": "0.5"}
    first = await api.get(PATH, params={**query, "seed": "2026"})
    again = await api.get(PATH, params={**query, "seed": "2026"}, headers={"Cache-Control": "no-cache"})
    other = await api.get(PATH, params={**query, "seed": "2027"})

    assert first.content == again.content
    assert first.json()["items"] != other.json()["items"]


async def test_pages_and_orders_are_those_of_boards(api: Client) -> None:
    first = await read(api, limit=3, sort="-code")
    rest = await read(api, limit=3, sort="-code", cursor=first["next_cursor"])

    found = [each["unit"]["code"] for each in (*first["items"], *rest["items"])]
    assert found == ["H60.104", "H60.103", "H60.102", "H60.101"]
    assert first["items"] == (await read(api, sort="-code"))["items"][:3]


async def test_a_table_has_a_column_for_every_class_and_group(api: Client) -> None:
    table = (await api.get(PATH, params={**BOARD, "draws": 10, "format": "csv"})).text
    first = next(csv.DictReader(table.removeprefix("\ufeff").splitlines()))

    assert (first["Hạng"], first["Mã"], first["Hạng (95%)"], first["Tỷ lệ loại Xuất sắc"]) == ("1", "H60.101", "1", "1")
    assert first["Hạng khi bỏ nhóm Thanh toán trực tuyến"] == "1"
    for format in ("xlsx", "ndjson"):
        assert (await api.get(PATH, params={**BOARD, "draws": 10, "format": format})).status_code == 200


async def test_the_sentences_say_where_a_unit_stands_and_how_far_units_move(api: Client) -> None:
    found = await read(api, weights="0.5", draws=1000)
    calm = await read(api, weights=0)

    second = of(found, "H60.102")
    share = next(each["share"] for each in second["classes"] if each["code"] == "good")
    percent = f"{100 * share:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    assert second["sentence"] == (
        "Khi trọng số các nhóm thay đổi ngẫu nhiên trong khoảng ±50%, UBND xã H60.102 đứng từ hạng 2 đến hạng 3 trong "
        f"ít nhất 90% số lần thử (hiện nay hạng 2); xếp loại Tốt trong {percent}% số lần thử."
    )
    assert of(calm, "H60.101")["sentence_en"] == (
        "With the weights of the groups as they are, UBND xã H60.101 stands in place 1 in at least 90% of the draws "
        "(now 1); class Excellent in 100% of them."
    )
    assert calm["sentence"] == (
        "Khi trọng số các nhóm giữ nguyên (100 lần thử), thứ hạng của 4 đơn vị xê dịch trung bình 0 bậc."
    )


async def test_where_nobody_takes_part_it_says_so(api: Client) -> None:
    found = await read(api, period="2024-06")

    assert (found["items"], found["mean_rank_change"], found["units"]) == ([], None, 0)
    assert found["sentence"].startswith("Không đơn vị nào")


async def test_a_key_that_does_not_see_the_whole_cohort_sees_no_places(as_key: KeyMaker) -> None:
    own = as_key(Scope.VALUES_READ, unit="H60.102")

    found = await read(own, under=None)

    [only] = found["items"]
    assert (only["rank"], only["ranks"], set(only["without"].values())) == (
        None,
        {"p5": None, "p50": None, "p95": None},
        {None},
    )
    assert (only["margins"]["rank_above"], only["margins"]["class_above"]) == (None, 10)
    assert found["mean_rank_change"] is None
    assert "cohort_hidden" in only["flags"]
    assert only["sentence"].endswith("±10%, UBND xã H60.102 xếp loại Tốt trong 46% số lần thử.")


@pytest.mark.parametrize(
    "query",
    [{"weights": 1}, {"weights": -0.1}, {"weights": "x"}, {"draws": 0}, {"draws": 10_001}, {"seed": "x" * 101}],
)
async def test_parameters_out_of_bounds_are_refused(api: Client, query: dict[str, Any]) -> None:
    problem = await refused(api, **query)

    assert [each["parameter"] for each in problem["errors"]] == list(query)


async def test_more_than_can_be_drawn_at_once_is_refused(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST", 1_000)

    problem = await refused(api, draws=201)

    assert [(each["code"], each["parameter"]) for each in problem["errors"]] == [("draws_too_many", "draws")]
    assert "200" in problem["errors"][0]["detail"]


async def test_the_latest_period_may_be_meant(api: Client) -> None:
    assert (await read(api, period="latest"))["period"] == "2024-07"


async def test_a_figure_that_comes_is_seen_at_once(api: Client) -> None:
    before = of(await read(api), "H60.104")
    figure = {"unit": "H60.104", "period": "2024-07", "indicator": "payment_points", "value": 9}
    await with_figures(api, [{**figure, "source": "national_portal"}])

    assert (before["total"], of(await read(api), "H60.104")["total"]) == (30, 34)
