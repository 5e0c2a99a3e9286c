"""The records of imports: the trace, the list, and one by its number."""

import httpx
import pytest

from tests.make import a_commune, a_unit, some_figures, with_figures, with_units


@pytest.fixture
async def units(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), a_commune("H60.100")])


@pytest.mark.usefixtures("units")
async def test_an_import_leaves_one_entry_in_the_trace(api: httpx.AsyncClient) -> None:
    before = len((await api.get("/v1/audit")).json()["items"])

    taken = await with_figures(api, some_figures("H60", "H60.100"))

    newest, *older = (await api.get("/v1/audit")).json()["items"]
    assert len(older) == before
    assert (newest["action"], newest["subject"]) == ("import.applied", f"import:{taken['id']}")
    assert (newest["after"]["created"], len(newest["after"]["digest"])) == (2, 64)


@pytest.mark.usefixtures("units")
async def test_records_are_listed_the_newest_first(api: httpx.AsyncClient) -> None:
    ids = [(await with_figures(api, some_figures(numerator=n)))["id"] for n in range(3)]

    first = (await api.get("/v1/imports", params={"limit": 2})).json()
    rest = (await api.get("/v1/imports", params={"cursor": first["next_cursor"]})).json()

    assert [item["id"] for item in (*first["items"], *rest["items"])] == ids[::-1]
    assert rest["next_cursor"] is None


@pytest.mark.usefixtures("units")
@pytest.mark.parametrize("faulty", [20, 21])
async def test_a_list_tells_how_many_things_were_wrong_where_they_are_many(api: httpx.AsyncClient, faulty: int) -> None:
    rows = [*some_figures("H60"), *(row for n in range(faulty) for row in some_figures(f"H99.{n}"))]
    done = await with_figures(api, rows, on_error="skip")

    (item,) = (await api.get("/v1/imports")).json()["items"]
    alone = (await api.get(f"/v1/imports/{item['id']}")).json()

    assert len(done["errors"]) == faulty
    assert alone["errors"] == done["errors"]
    if faulty == 20:
        assert item == alone
    else:
        detail = f"21 things must be mended; GET /v1/imports/{item['id']} names them."
        assert item == alone | {"errors": [{"code": "further_errors", "detail": detail}]}


@pytest.mark.parametrize("id", ["0", "-1", "99999999999999999999", "x"])
async def test_a_number_that_no_import_can_have_is_refused(api: httpx.AsyncClient, id: str) -> None:
    assert (await api.get(f"/v1/imports/{id}")).status_code == 422
    assert (await api.get("/v1/imports/2147483647")).status_code == 404
