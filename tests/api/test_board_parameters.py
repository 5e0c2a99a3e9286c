"""What a board may be asked for: its latest period, some of its units, members and orders, colours and languages."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.domain.frameworks.colours import BANDS, GROUPS
from tests.api.test_scores import board, column, totals, with_figures
from tests.make import a_commune, a_framework, a_unit, with_units

Client = httpx.AsyncClient
NAMES = {"H60.101": "UBND xã Nà Hang", "H60.102": "UBND xã Hàm Yên", "H60.103": "UBND xã Chiêm Hóa"}
POINTS = {"H60.101": "85", "H60.102": "75", "H60.103": "45"}


@pytest.fixture
async def communes(api: Client) -> None:
    """Three communes, each of another class, of which two have points of payment."""
    await with_units(api, [a_unit(), *(a_commune(code, name=name) for code, name in NAMES.items())])
    await with_figures(api, totals("2024-06", POINTS))
    payment = totals("2024-07", {"H60.101": 3, "H60.102": 9}, indicator="payment_points")
    await with_figures(api, [*totals("2024-07", POINTS), *payment])


async def refusal(api: Client, **query: Any) -> dict[str, Any]:
    answer = await api.get("/v1/scores", params={"period": "2024-07", "level": "commune", "under": "H60", **query})
    assert answer.status_code == 422, answer.text
    (fault,) = answer.json()["errors"]
    found: dict[str, Any] = fault
    return found


@pytest.mark.usefixtures("communes")
@pytest.mark.parametrize(
    ("query", "units"),
    [
        ({"q": "na hang"}, ["H60.101"]),
        ({"q": "HAM"}, ["H60.102"]),
        ({"q": "h60.10"}, ["H60.101", "H60.102", "H60.103"]),
        ({"q": "nobody"}, []),
        ({"band": "weak"}, ["H60.103"]),
        ({"band": "weak,fair"}, ["H60.102", "H60.103"]),
        ({"band": "weak,fair", "q": "hoa"}, ["H60.103"]),
    ],
)
async def test_a_filter_chooses_what_is_shown_and_moves_no_rank(
    query: dict[str, str], units: list[str], api: Client
) -> None:
    whole = await board(api)

    found = await board(api, **query)

    assert list(column(found, "rank")) == units
    assert column(found, "rank") == {unit: column(whole, "rank")[unit] for unit in units}
    assert {**found, "items": []} == {**whole, "items": []}


@pytest.mark.usefixtures("communes")
async def test_a_class_that_the_framework_does_not_have_is_refused_with_those_it_has(api: Client) -> None:
    fault = await refusal(api, band="fair,weka")

    assert fault["code"] == "value_not_allowed"
    assert fault["parameter"] == "band"
    assert fault["suggestion"] == "weak"
    assert "excellent, good, fair, average, weak" in fault["detail"]


@pytest.mark.usefixtures("communes")
async def test_only_the_members_that_are_named_are_sent(api: Client) -> None:
    found = await board(api, fields="unit,total,rank", limit=2)

    assert [set(item) for item in found["items"]] == [{"unit", "total", "rank"}] * 2
    rest = await board(api, fields="unit,total,rank", limit=2, cursor=found["next_cursor"])
    assert [item["unit"]["code"] for item in rest["items"]] == ["H60.103"]


@pytest.mark.usefixtures("communes")
async def test_a_member_that_is_none_is_refused_with_those_there_are(api: Client) -> None:
    fault = await refusal(api, fields="unit,totl")

    assert fault["parameter"] == "fields"
    assert fault["suggestion"] == "total"
    assert all(name in fault["detail"] for name in ("rank", "tied", "unit", "groups", "observed_at"))


@pytest.mark.usefixtures("communes")
async def test_the_period_before_is_not_scored_where_nothing_is_said_of_it(
    api: Client, count_queries: Callable[[], Any]
) -> None:
    """After a first answer has read the rules, which are kept."""
    await board(api, period="2024-05")
    sent = {}
    for fields in ("total", "total,change"):
        with count_queries() as queries:
            await board(api, fields=fields)
        sent[fields] = sum("current_values" in each for each in queries)

    assert sent == {"total": 1, "total,change": 1}  # the second has the period before left to read


@pytest.mark.usefixtures("communes")
async def test_a_table_has_the_columns_of_the_members_and_always_the_code(api: Client) -> None:
    query = {"period": "2024-07", "level": "commune", "under": "H60", "fields": "total,groups"}

    table = (await api.get("/v1/scores", params={**query, "format": "csv"})).text.lstrip("\ufeff").splitlines()
    book = await api.get("/v1/scores", params={**query, "format": "xlsx"})
    cube = (await api.get("/v1/scores", params={**query, "format": "json-stat"})).json()

    assert table[0].startswith("code,") or table[0].startswith("Mã"), table[0]
    assert "Hạng" not in table[0]
    assert book.status_code == 200
    measures = cube["dimension"]["measure"]["category"]["index"]
    assert "total" in measures
    assert "group.payment" in measures
    assert not {"rank", "change.total"} & set(measures)


@pytest.mark.usefixtures("communes")
@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("group:payment", ["H60.101", "H60.102", "H60.103"]),
        ("-group:payment", ["H60.102", "H60.101", "H60.103"]),
    ],
)
async def test_a_board_comes_in_the_order_of_the_points_of_a_group(sort: str, order: list[str], api: Client) -> None:
    found = await board(api, sort=sort)
    first = await board(api, sort=sort, limit=1)
    rest = await board(api, sort=sort, cursor=first["next_cursor"])

    assert list(column(found, "total")) == order
    assert [*column(first, "total"), *column(rest, "total")] == order


@pytest.mark.usefixtures("communes")
async def test_an_order_by_a_group_that_is_not_shown_is_refused(api: Client) -> None:
    assert (await refusal(api, sort="group:paymnt"))["suggestion"] == "group:payment"
    assert (await refusal(api, sort="group:payment", view="legal"))["parameter"] == "sort"
    assert (await refusal(api, sort="size"))["code"] == "value_not_allowed"


@pytest.mark.usefixtures("communes")
async def test_groups_and_classes_are_described_once_with_colours(api: Client) -> None:
    found = await board(api)

    payment = next(group for group in found["groups_meta"] if group["code"] == "payment")
    assert payment == {"code": "payment", "name": "Thanh toán trực tuyến", "max": 10, "color": GROUPS[3]}
    assert [group["code"] for group in found["groups_meta"]] == list(found["items"][0]["groups"])
    assert [band["color"] for band in found["summary"]["bands"]] == list(BANDS)
    legal = await board(api, view="legal")
    assert [group["max"] for group in legal["groups_meta"]] == [18, 20, 22, 18, 22]


async def test_the_colours_of_a_document_come_before_our_own(api: Client) -> None:
    document = a_framework()
    document["criteria"][0]["color"] = "#123abc"
    document["bands"] = [{"code": "low", "name": {"vi": "Thấp"}, "min": 0, "color": "#000000"}]
    assert (await api.post("/v1/frameworks", json=document)).status_code == 201
    kept = (await api.get(f"/v1/frameworks/{document['code']}@{document['version']}")).json()
    await with_units(api, [a_unit()])

    found = await api.get(
        "/v1/scores",
        params={"period": "2026-07", "level": "province", "framework": kept["code"] + "@" + kept["version"]},
    )

    assert found.json()["groups_meta"][0]["color"] == "#123abc"
    assert found.json()["summary"]["bands"][0]["color"] == "#000000"
    assert "color" not in kept["bands"][0]["name"]


async def test_a_colour_that_is_none_is_refused_where_it_stands(api: Client) -> None:
    document = a_framework()
    document["criteria"][0]["color"] = "blue"

    answer = await api.post("/v1/frameworks", json=document)

    (fault,) = answer.json()["errors"]
    assert (fault["code"], fault["pointer"]) == ("color_invalid", "/criteria/0/color")


@pytest.mark.usefixtures("communes")
@pytest.mark.parametrize("path", ["/v1/scores/H60.101", "/v1/scores/H60.101/2024-07"])
async def test_the_class_of_one_unit_is_named_in_the_language_that_is_preferred(path: str, api: Client) -> None:
    names = {}
    for language in ("vi", "en"):
        answer = await api.get(path, headers={"Accept-Language": language})
        found = answer.json().get("items", [answer.json()])[-1]
        names[language] = (found["band"]["name"], answer.headers["Content-Language"])

    assert names == {"vi": ("Tốt", "vi"), "en": ("Good", "en")}
    assert "Accept-Language" in answer.headers["Vary"]


@pytest.mark.usefixtures("communes")
async def test_names_come_in_english_only_where_that_is_preferred(api: Client) -> None:
    query = {"period": "2024-07", "level": "commune", "under": "H60"}
    answers = {
        language: await api.get("/v1/scores", params=query, headers={"Accept-Language": language} if language else {})
        for language in ("", "vi", "en", "en-GB, vi;q=0.5", "fr")
    }

    names = {
        language: (
            answer.json()["items"][0]["band"]["name"],
            answer.json()["summary"]["bands"][1]["name"],
            answer.json()["groups_meta"][3]["name"],
            answer.headers["Content-Language"],
        )
        for language, answer in answers.items()
    }
    vietnamese = ("Tốt", "Tốt", "Thanh toán trực tuyến", "vi")
    english = ("Good", "Good", "Online payment", "en")
    assert names == {"": vietnamese, "vi": vietnamese, "fr": vietnamese, "en": english, "en-GB, vi;q=0.5": english}
    assert "Accept-Language" in answers["en"].headers["Vary"]


@pytest.mark.usefixtures("communes")
async def test_the_latest_period_is_the_last_of_which_the_cohort_has_figures(api: Client) -> None:
    await with_figures(api, totals("2024", POINTS))
    await with_figures(api, totals("2024-08", {"H60": 80}))

    assert (await board(api, period="latest"))["period"] == "2024-07"
    assert (await board(api, period="latest", type="year"))["period"] == "2024"
    provinces = (await api.get("/v1/scores", params={"period": "latest", "level": "province"})).json()
    assert provinces["period"] == "2024-08"


@pytest.mark.usefixtures("communes")
async def test_the_latest_period_follows_what_is_written(api: Client) -> None:
    assert (await board(api, period="latest"))["period"] == "2024-07"

    await with_figures(api, totals("2024-09", {"H60.102": 80}))

    assert (await board(api, period="latest"))["period"] == "2024-09"


@pytest.mark.usefixtures("communes")
async def test_a_cohort_without_any_figure_has_no_latest_period(api: Client) -> None:
    answer = await api.get("/v1/scores", params={"period": "latest", "level": "department", "under": "H60"})
    unknown = await api.get("/v1/scores", params={"period": "latest", "level": "department", "under": "H99"})

    assert (answer.status_code, answer.json()["code"]) == (404, "no_period")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unit_unknown")
