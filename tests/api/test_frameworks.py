"""Frameworks over HTTP: posted once, replaced until used, refused with every fault named."""

import json
from typing import Any

import httpx
import pytest
import yaml
from sqlalchemy import update

from app.errors import Invalid
from app.services.frameworks import check_document, id_of, post_framework, ship, shipped_documents, shipped_ids
from app.store.db import Database
from app.store.frameworks import FrameworkRow, list_frameworks
from tests.api.conftest import Clock
from tests.make import a_framework


async def post(api: httpx.AsyncClient, document: object, path: str = "/v1/frameworks") -> httpx.Response:
    return await api.post(path, json=document)


async def audit(api: httpx.AsyncClient) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = (await api.get("/v1/audit?action=framework.posted")).json()["items"]
    return entries


def renamed(name: str) -> dict[str, Any]:
    return a_framework(name={"vi": name})


async def test_a_document_is_taken_and_read_back_with_its_defaults(api: httpx.AsyncClient) -> None:
    posted = await post(api, a_framework())

    assert (posted.status_code, posted.headers["location"]) == (201, "/v1/frameworks/mot_cua@2026")
    assert (await api.get("/v1/frameworks/mot_cua@2026")).json() == posted.json()
    assert (posted.json()["rounding"]["component"], posted.json()["rounding"]["total"]) == (2, 2)
    assert (await api.get("/v1/indicators/counter_on_time")).json()["name"]["vi"] == "Đúng hạn tại quầy"


@pytest.mark.parametrize(
    "kind", ["application/yaml", "application/x-yaml", "text/yaml", "Application/YAML; charset=utf-8"]
)
async def test_yaml_says_the_same_as_json(api: httpx.AsyncClient, kind: str) -> None:
    text = yaml.safe_dump(a_framework(), allow_unicode=True)
    await post(api, a_framework())

    again = await api.post("/v1/frameworks", content=text.encode(), headers={"Content-Type": kind})

    assert again.status_code == 200


async def test_the_identical_document_changes_nothing(api: httpx.AsyncClient, clock: Clock) -> None:
    await post(api, a_framework())
    before = (await api.get("/v1/frameworks/mot_cua")).json(), await audit(api)
    clock.forward(hours=1)

    again = await post(api, json.loads(json.dumps(a_framework(), sort_keys=True)))

    assert again.status_code == 200
    assert ((await api.get("/v1/frameworks/mot_cua")).json(), await audit(api)) == before


async def test_a_changed_document_replaces_one_that_was_not_used(api: httpx.AsyncClient) -> None:
    first = await post(api, a_framework())

    second = await post(api, renamed("Chỉ số một cửa, bản sửa"))

    assert (first.status_code, second.status_code) == (201, 201)
    (entry,) = (await api.get("/v1/frameworks/mot_cua")).json()["items"]
    assert (entry["name"]["vi"], entry["used"]) == ("Chỉ số một cửa, bản sửa", False)
    newest, older = (await audit(api))[:2]
    assert newest["before"] == older["after"]


async def test_a_used_version_never_changes(api: httpx.AsyncClient, database: Database) -> None:
    await post(api, a_framework())
    with database.writing() as session:
        session.execute(update(FrameworkRow).values(used=True))

    changed = await post(api, renamed("Khác"))
    identical = await post(api, a_framework())
    another = await post(api, {**renamed("Khác"), "version": "2027", "valid_from": "2027-01-01"})

    assert (changed.status_code, changed.json()["code"]) == (409, "framework_used")
    assert (identical.status_code, another.status_code) == (200, 201)
    assert (await api.get("/v1/frameworks/mot_cua@2026")).json()["name"]["vi"] == "Chỉ số một cửa"


async def test_versions_are_listed_the_newest_first(api: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> None:
    await post(api, a_framework())
    await post(api, a_framework(version="2027", valid_from="2027-01-01"))

    versions = (await anonymous.get("/v1/frameworks/mot_cua")).json()

    assert [entry["id"] for entry in versions["items"]] == ["mot_cua@2027", "mot_cua@2026"]
    assert (versions["code"], versions["next_cursor"]) == ("mot_cua", None)


BROKEN = a_framework(
    bands=[{"code": "good", "name": {"vi": "Tốt"}, "min": 80}],
    criteria=[
        {
            "code": "on_time",
            "name": {"vi": "Đúng hạn"},
            "max": 100,
            "rules": [{"kind": "ratio", "indicator": "counter_on_tyme", "full_at": 0}],
        }
    ],
)


@pytest.mark.parametrize("path", ["/v1/frameworks", "/v1/frameworks/validate"])
async def test_a_broken_document_is_refused_with_every_fault(api: httpx.AsyncClient, path: str) -> None:
    answer = await post(api, BROKEN, path)

    assert (answer.status_code, answer.json()["code"]) == (422, "framework_invalid")
    faults = answer.json()["errors"]
    assert len(faults) >= 2
    assert all(fault["pointer"].startswith("/") and fault["code"] for fault in faults)
    assert (await api.get("/v1/frameworks/mot_cua")).status_code == 404


async def test_faults_are_told_in_both_languages(api: httpx.AsyncClient) -> None:
    told = [
        (await api.post("/v1/frameworks/validate", json=BROKEN, headers={"Accept-Language": language})).json()
        for language in ("en", "vi")
    ]

    assert [f["code"] for f in told[0]["errors"]] == [f["code"] for f in told[1]["errors"]]
    assert all(en["detail"] != vi["detail"] for en, vi in zip(*(t["errors"] for t in told), strict=True))


async def test_a_document_can_be_tried_without_being_stored(api: httpx.AsyncClient) -> None:
    answer = await post(api, a_framework(), "/v1/frameworks/validate")

    assert answer.json() == {"valid": True, "id": "mot_cua@2026", "max": 100, "criteria": 1, "indicators": 1}
    assert (await api.get("/v1/frameworks/mot_cua")).status_code == 404
    assert (await api.get("/v1/indicators/counter_on_time")).status_code == 404


@pytest.mark.parametrize("path", ["/v1/frameworks", "/v1/frameworks/validate"])
async def test_no_two_versions_begin_on_one_day(api: httpx.AsyncClient, path: str) -> None:
    assert (await post(api, a_framework())).status_code == 201
    twin = a_framework(version="2026b", valid_to="2026-06-30")

    answer = await post(api, twin, path)

    [fault] = answer.json()["errors"]
    assert (answer.status_code, answer.json()["code"]) == (422, "framework_invalid")
    assert (fault["code"], fault["pointer"]) == ("valid_from_taken", "/valid_from")
    assert "mot_cua@2026 " in fault["detail"]
    assert (await post(api, a_framework(name={"vi": "Khác"}), path)).status_code in (200, 201)


async def test_of_overlapping_versions_the_one_that_begins_later_holds(api: httpx.AsyncClient) -> None:
    await post(api, a_framework(version="2026"))
    await post(api, a_framework(version="2024", valid_from="2024-01-01"))
    await post(api, a_framework(version="2026.2", valid_from="2026-07-01", valid_to="2026-09-30"))

    async def holding(period: str) -> str:
        query = {"framework": "mot_cua", "level": "commune", "period": period}
        return str((await api.get("/v1/scores", params=query)).json()["framework"])

    assert [await holding(period) for period in ("2025-12", "2026-06", "2026-07", "2026-10")] == [
        "mot_cua@2024",
        "mot_cua@2026",
        "mot_cua@2026.2",
        "mot_cua@2026",
    ]


async def test_an_indicator_keeps_its_kind(api: httpx.AsyncClient) -> None:
    differing = {"code": "dossier_sync", "kind": "count", "name": {"vi": "Khác"}}

    answer = await post(api, a_framework(indicators=[*a_framework()["indicators"], differing]))

    assert [fault["code"] for fault in answer.json()["errors"]] == ["indicator_differs"]


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", ""])
async def test_another_kind_of_content_is_refused(api: httpx.AsyncClient, kind: str) -> None:
    answer = await api.post("/v1/frameworks", content=b"{}", headers={"Content-Type": kind})

    assert (answer.status_code, answer.json()["code"]) == (415, "content_type_unsupported")


@pytest.mark.parametrize("body", ["[]", "5", "null", '"x"', "{}"])
async def test_a_body_that_is_no_document_is_refused(api: httpx.AsyncClient, body: str) -> None:
    for kind in ("application/json", "application/yaml"):
        answer = await api.post("/v1/frameworks", content=body.encode(), headers={"Content-Type": kind})
        assert answer.status_code == 422, answer.text


@pytest.mark.parametrize(
    ("name", "status"), [("nothing", 404), ("qd766@1999", 404), ("qd766@", 422), ("QD766", 422), ("qd766@2026@1", 422)]
)
async def test_an_unknown_framework_is_not_found(anonymous: httpx.AsyncClient, name: str, status: int) -> None:
    assert (await anonymous.get(f"/v1/frameworks/{name}")).status_code == status


async def test_all_that_ship_are_there_from_the_start(anonymous: httpx.AsyncClient) -> None:
    entries = (await anonymous.get("/v1/frameworks")).json()["items"]

    assert sorted(entry["id"] for entry in entries) == sorted(shipped_ids())
    assert [entry["id"] for entry in entries][-2:] == ["qd766@2026", "qd766@2022"]
    document = (await anonymous.get("/v1/frameworks/qd766@2026")).json()
    assert document["criteria"][0]["code"] == "transparency"


async def test_starting_again_changes_nothing(api: httpx.AsyncClient, database: Database, clock: Clock) -> None:
    async def state() -> tuple[Any, Any, Any]:
        lists = [(await api.get(path)).json() for path in ("/v1/frameworks", "/v1/indicators?limit=1000", "/v1/audit")]
        return tuple(lists)

    before = await state()
    clock.forward(days=1)

    ship(database)

    assert await state() == before


async def test_what_an_office_has_stated_itself_is_not_replaced_by_what_ships(
    api: httpx.AsyncClient, database: Database
) -> None:
    own: dict[str, Any] = next(d for d in shipped_documents() if isinstance(d, dict) and d["code"] == "pci")
    assert (await post(api, {**own, "name": {"vi": "PCI của tỉnh"}})).status_code == 201

    ship(database)

    assert (await api.get("/v1/frameworks/pci@2019")).json()["name"]["vi"] == "PCI của tỉnh"


def test_a_database_that_uses_an_indicator_for_something_else_starts_without_the_framework_that_reads_it(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database(database_url)
    own = a_framework()
    own["indicators"].append({"code": "dti_awareness", "kind": "count", "name": {"vi": "Số lớp tập huấn"}})
    with database.writing() as session:
        post_framework(session, check_document(session, own))

    ship(database)

    with database.reading() as session:
        stored = {id_of(row) for row in list_frameworks(session)}
    database.dispose()
    assert {"pci@2019", "qd766@2026"} < stored
    assert "dti@2022" not in stored
    assert "dti_awareness" in caplog.text


async def test_a_shipped_framework_can_be_posted_back_as_it_is_read(api: httpx.AsyncClient) -> None:
    for name in shipped_ids():
        document = (await api.get(f"/v1/frameworks/{name}")).text

        answer = await api.post("/v1/frameworks", content=document, headers={"Content-Type": "application/json"})

        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("path", ["/v1/frameworks", "/v1/frameworks/qd766"])
async def test_versions_are_read_page_by_page(path: str, api: httpx.AsyncClient) -> None:
    whole = (await api.get(path)).json()["items"]

    pages: list[Any] = []
    cursor = None
    while not pages or cursor:
        page = (await api.get(path, params={"limit": 1, **({"cursor": cursor} if cursor else {})})).json()
        pages.append(page["items"])
        cursor = page["next_cursor"]

    assert pages == [[each] for each in whole]


@pytest.mark.parametrize("path", ["/v1/frameworks", "/v1/frameworks/qd766"])
async def test_versions_leave_as_a_table(path: str, api: httpx.AsyncClient) -> None:
    answer = await api.get(path, params={"format": "csv"})

    head, *lines = answer.text.lstrip("\ufeff").splitlines()
    assert head.startswith("Mã,Bộ chỉ số,Phiên bản,Tên")
    assert len(lines) == len((await api.get(path)).json()["items"])


@pytest.mark.parametrize("query", ["limit=1", "format=csv", "cursor=x"])
async def test_one_version_is_no_list(query: str, api: httpx.AsyncClient) -> None:
    answer = await api.get(f"/v1/frameworks/qd766@2026?{query}")

    assert (answer.status_code, answer.json()["code"]) == (422, "parameters_refused")
    assert [each["parameter"] for each in answer.json()["errors"]] == [query.partition("=")[0]]


async def test_a_cursor_of_other_versions_is_refused(api: httpx.AsyncClient) -> None:
    cursor = (await api.get("/v1/frameworks?limit=1")).json()["next_cursor"]

    assert (await api.get(f"/v1/frameworks/qd766?cursor={cursor}")).json()["code"] == "cursor_invalid"


async def test_a_framework_is_held_against_the_indicators_of_the_moment_at_which_it_is_stored(
    api: httpx.AsyncClient, database: Database
) -> None:
    with database.reading() as session:
        checked = check_document(session, a_framework())
    (indicator,) = a_framework()["indicators"]
    await post(api, a_framework(code="other", indicators=[{**indicator, "kind": "number"}]))

    with pytest.raises(Invalid) as refusal, database.writing() as session:
        post_framework(session, checked)

    assert [fault.code for fault in refusal.value.faults] == ["indicator_differs"]
