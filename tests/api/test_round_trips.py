"""What an export or a read gives is taken back as it is, and changes nothing: every resource, in every format."""

from datetime import UTC, date
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.characters import hidden_character
from app.domain.frameworks.check import canonical, read_framework
from app.domain.garbled import find_garbled
from app.domain.vietnamese import nfc
from app.formats.strict_json import read_json, write_json
from app.services.frameworks import SHIPPED
from tests.make import a_commune, a_framework, a_unit, with_units
from tests.support import table_reads
from tests.support.contract import Contract

Client = httpx.AsyncClient
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {"csv": "text/csv", "xlsx": XLSX, "ndjson": "application/x-ndjson", "json": "application/json"}
TROUBLE = [
    *(
        "=1+1",
        "'=1+1",
        "''=1+1",
        "'",
        "''x",
        "+84",
        "-",
        "-0,13",
        "@SUM(A1)",
        " =x",
        "\u00a0=x",
        "＝1+1",
        "'＝1",
        "' =x",
    ),
    *(
        '"',
        '"x',
        "a;b",
        "a,b",
        "sep=;",
        "_x000D_",
        "_x0041_",
        "null",
        "true",
        "007",
        "1/2",
        "2024-07",
        "=",
        "\\",
        "</t>",
    ),
    *("Vie\u0302\u0323t", "Cư M’gar", "中文 😀", "#N/A", "#REF!", "1E5", "&amp;", "Đắk Lắk"),
]
LETTERS = st.sampled_from("aă'\"=+-@ ,;<&_x\\|/ếĐð\u00a0’…0é‑\u0301")
LINES = (st.sampled_from(TROUBLE) | st.text(LETTERS, min_size=1, max_size=12)).filter(
    lambda text: find_garbled(text) is None
)
NAMES = LINES.filter(lambda text: text.strip(" \u00a0") != "" and hidden_character(text) is None)
PROSE = st.lists(LINES, min_size=1, max_size=3).map("\n".join).filter(lambda text: text.strip(" \u00a0\n") != "")
DAYS = st.none() | st.dates().map(str).filter(lambda day: "1990" < day < "2090")
MOMENTS = st.datetimes(timezones=st.just(UTC)).filter(lambda each: 1990 < each.year < 2026)
BOUNDED = settings(
    max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True
)


def decimals(most: int, places: int) -> st.SearchStrategy[Decimal]:
    return st.integers(0, most * 10**places).map(lambda scaled: Decimal(scaled).scaleb(-places))


RATES = st.integers(0, 4).flatmap(lambda places: decimals(100, places))
COUNTS = st.tuples(decimals(50_000, 0), decimals(50_000, 0)).map(sorted)
FIGURES = st.one_of(
    st.builds(lambda value: {"indicator": "dossier_sync", "value": value}, RATES),
    st.builds(lambda n: {"indicator": "dossier_sync", "numerator": n[0], "denominator": n[1]}, COUNTS),
    st.builds(lambda value: {"indicator": "average_days", "value": value}, RATES | st.just(Decimal("25.775"))),
    st.builds(lambda value: {"indicator": "average_days", "value": -value}, RATES),
)
PERIODS = ("2024-07", "2024-Q3", "2024-H2", "2024")
ROWS = st.lists(
    st.builds(
        lambda figure, period, note, moment: {
            "unit": "H60",
            "period": period,
            "source": "manual",
            "observed_at": moment.isoformat(),
            "note": note,
            **figure,
        },
        FIGURES,
        st.sampled_from(PERIODS),
        st.none() | PROSE,
        MOMENTS,
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: (row["indicator"], row["period"]),
)


@pytest.fixture
async def tuyen_quang(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune("H60.100"), a_commune("H60.200")])


async def exported(api: Client, path: str, kind: str) -> bytes:
    answer = await api.get(path, params={"format": kind, "limit": 1000})
    assert answer.status_code == 200, answer.text
    return answer.content


async def sent_back(api: Client, path: str, body: bytes, kind: str, **query: str) -> dict[str, Any]:
    answer = await api.post(path, content=body, headers={"Content-Type": KINDS[kind]}, params=query)
    assert answer.status_code in (200, 422), answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.usefixtures("tuyen_quang")
@pytest.mark.parametrize("kind", KINDS)
@BOUNDED
@given(rows=ROWS)
async def test_figures_come_back_unchanged(api: Client, kind: str, rows: list[dict[str, Any]]) -> None:
    taken = await api.post("/v1/imports", content=write_json(rows), headers={"Content-Type": KINDS["json"]})
    assert taken.status_code == 200, taken.text

    body = await exported(api, "/v1/values", kind)
    back = await sent_back(api, "/v1/imports", body, kind, locale="en")

    assert back.get("errors") == []
    assert (back["rows"] > 0, back["unchanged"]) == (True, back["rows"])


@pytest.mark.usefixtures("tuyen_quang")
@pytest.mark.parametrize("locale", ["auto", "vi"])
@BOUNDED
@given(rows=ROWS)
async def test_figures_of_an_export_come_back_unchanged_under_every_locale(
    api: Client, locale: str, rows: list[dict[str, Any]]
) -> None:
    await api.post("/v1/imports", content=write_json(rows), headers={"Content-Type": KINDS["json"]})

    body = await exported(api, "/v1/values", "csv")
    back = await sent_back(api, "/v1/imports", body, "csv", locale=locale)

    assert back["errors"] == []
    assert (back["rows"] > 0, back["unchanged"]) == (True, back["rows"])


@pytest.mark.usefixtures("tuyen_quang")
async def test_an_export_that_a_spreadsheet_has_written_anew_is_refused_where_a_figure_is_two(api: Client) -> None:
    looked_up = {"observed_at": "2024-08-26T09:00:00+07:00"}
    stated = {"unit": "H60", "period": "2024-07", "indicator": "average_days", "value": Decimal("1.005"), **looked_up}
    await api.post("/v1/imports", content=write_json([stated]), headers={"Content-Type": KINDS["json"]})
    body = await exported(api, "/v1/values", "csv")

    back = await sent_back(api, "/v1/imports", body.replace(b"01.005", b"1.005"), "csv")

    assert b",01.005," in body
    assert [fault["code"] for fault in back["errors"]] == ["number_ambiguous"]


@pytest.mark.usefixtures("tuyen_quang")
@pytest.mark.parametrize("kind", KINDS)
@BOUNDED
@given(
    facts=st.fixed_dictionaries({"name": NAMES, "valid_from": DAYS, "level": st.sampled_from(["commune", "other"])}),
    names=st.lists(NAMES, min_size=1, max_size=2),
)
async def test_units_come_back_unchanged(api: Client, kind: str, facts: dict[str, Any], names: list[str]) -> None:
    ids = [{"scheme": "gso", "value": "'=1+1"}]
    extra = [a_commune(f"H60.{300 + number}", name=name) for number, name in enumerate(names)]
    await with_units(api, [a_commune("H60.200", **facts, identifiers=ids, successors=["H60.100"]), *extra])

    body = await exported(api, "/v1/units", kind)
    back = await sent_back(api, "/v1/units/import", body, kind)

    assert back["errors"] == []
    assert (back["rows"] > 2, back["unchanged"]) == (True, back["rows"])


@pytest.mark.usefixtures("tuyen_quang")
@BOUNDED
@given(name=NAMES, begins=DAYS)
async def test_a_unit_that_was_read_is_put_unchanged(api: Client, name: str, begins: str | None) -> None:
    await api.put("/v1/units/H60.200", json=a_commune("H60.200", name=name, valid_from=begins))
    read = await api.get("/v1/units/H60.200")

    put = await api.put("/v1/units/H60.200", content=read.content, headers={"Content-Type": KINDS["json"]})
    back = await api.patch("/v1/units/H60.200", content=read.content, headers={"Content-Type": KINDS["json"]})

    assert put.json() == back.json() == read.json()
    assert len((await api.get("/v1/units/H60.200/lineage")).json()["versions"]) == 1


@BOUNDED
@given(name=NAMES, title=NAMES, reference=PROSE, bound=RATES)
def test_a_framework_that_was_read_is_the_identical_one(name: str, title: str, reference: str, bound: Decimal) -> None:
    bands = [
        {"code": "x", "name": {"vi": name}, "min": bound},
        {"code": "y", "name": {"vi": "Y", "en": title}, "min": 0},
    ]
    document = a_framework(name={"vi": name, "en": title}, bands=bands if bound else bands[:1])
    document["criteria"][0]["rules"][0]["legal_ref"] = reference

    framework, faults = read_framework(document)
    assert framework is not None, faults
    again, _ = read_framework(read_json(canonical(framework)))

    assert again is not None
    assert canonical(again) == canonical(framework)


@pytest.mark.parametrize("name", sorted(path.stem for path in SHIPPED.glob("*.yaml")))
async def test_a_framework_of_the_service_is_taken_back_as_known(api: Client, name: str) -> None:
    read = await api.get(f"/v1/frameworks/{name}")

    back = await api.post("/v1/frameworks", content=read.content, headers={"Content-Type": KINDS["json"]})

    assert back.status_code == 200, back.text
    assert back.content == read.content


@BOUNDED
@given(name=NAMES, unit=NAMES, reference=PROSE)
async def test_an_indicator_that_was_read_is_stated_unchanged(
    api: Client, name: str, unit: str, reference: str
) -> None:
    stated = {**a_framework()["indicators"][0], "name": {"vi": name}, "unit": unit, "legal_ref": reference}
    taken = await api.post("/v1/frameworks", json=a_framework(indicators=[stated]))
    assert taken.status_code in (200, 201), taken.text
    read = await api.get("/v1/indicators/counter_on_time")

    document = a_framework(indicators=[read.json()])
    back = await api.post("/v1/frameworks", json=document)

    kept = {member: value for member, value in taken.json().items() if member != "warnings"}  # of letters put right
    assert (back.status_code, back.json()) == (200, kept)
    assert (await api.get("/v1/indicators/counter_on_time")).content == read.content


@BOUNDED
@given(day=st.dates(date(2024, 7, 1), date(2090, 1, 1)))
async def test_a_due_date_that_was_answered_is_put_unchanged(api: Client, day: date) -> None:
    told = await api.put("/v1/periods/2024-07/due", json={"due_on": str(day)})
    before = await writes(api)

    back = await api.put("/v1/periods/2024-07/due", content=told.content, headers={"Content-Type": KINDS["json"]})

    assert (back.status_code, back.content) == (200, told.content)
    assert await writes(api) == before


async def test_a_due_date_of_another_period_is_not_taken_for_this_one(api: Client) -> None:
    answer = await api.put("/v1/periods/2024-07/due", json={"period": "2024-08", "due_on": "2024-08-15"})

    assert (answer.status_code, answer.json()["code"]) == (422, "code_differs")


async def put_back(api: Client, path: str, kind: str) -> dict[str, Any]:
    """The answer to a list that is sent back as it was exported, and what is listed then."""
    before = (await api.get(path)).json()
    body = await exported(api, path, kind)
    back = await api.put(path, content=body, headers={"Content-Type": KINDS[kind]})
    assert back.status_code == 200, back.text
    assert (await api.get(path)).json() == before
    told: dict[str, Any] = back.json()
    return told


@pytest.mark.usefixtures("tuyen_quang")
@pytest.mark.parametrize("kind", KINDS)
@BOUNDED
@given(target=RATES | st.just(Decimal("1.005")), days=RATES, reference=st.none() | PROSE)
async def test_targets_come_back_unchanged(
    api: Client, kind: str, target: Decimal, days: Decimal, reference: str | None
) -> None:
    facts = {"year": 2026, "unit": "H60", "legal_ref": reference}
    items = [
        {"indicator": "dossier_sync", "target": target, **facts},
        {"indicator": "average_days", "level": "commune", "target": days, **facts, "unit": None},
    ]
    taken = await api.put("/v1/targets", content=write_json({"items": items}), headers={"Content-Type": KINDS["json"]})
    assert taken.status_code == 200, taken.text

    back = await put_back(api, "/v1/targets", kind)

    assert [back[name] for name in ("created", "updated", "removed", "unchanged")] == [0, 0, 0, 2]
    assert nfc(back["items"][0]["legal_ref"] or "") == (back["items"][0]["legal_ref"] or "")


@pytest.mark.usefixtures("tuyen_quang")
@pytest.mark.parametrize("kind", KINDS)
@BOUNDED
@given(note=st.none() | PROSE, day=DAYS)
async def test_publications_come_back_unchanged(api: Client, kind: str, note: str | None, day: str | None) -> None:
    stated = {"unit": "H60", "period": "2024-07", "due_on": day, "note": note, "url": "https://a.vn/?x='=1"}
    taken = await api.put("/v1/publications", json=stated)
    assert taken.status_code == 200, taken.text

    back = await put_back(api, "/v1/publications", kind)

    assert [back[name] for name in ("created", "updated", "retracted", "unchanged")] == [0, 0, 0, 1]


REPORTS = {
    "read_periods": "periods are made of what is stated for them",
    "read_completeness": "computed",
    "read_indicators": "stated in the documents of frameworks, by which they come back",
    "read_frameworks": "a list of documents, each of which comes back by itself",
    "read_framework": "the criteria of a document as a table; the document is its JSON, or YAML",
    "read_scores": "computed",
    "read_unit_scores": "computed",
    "read_sensitivity": "computed",
    "read_evaluations": "frozen: none is written over",
    "read_evaluation_scores": "frozen: none is written over",
    "read_evaluation_restated": "computed",
    "read_letter_profiles": "a line a profile; a profile is its JSON",
    "read_letter_texts": "a line a text; a text is its JSON",
    "read_layouts": "a line a layout; a layout is its JSON",
    "read_letter_templates": "a line a file; a file comes back as it is",
    "read_tasks": "numbered by the service; a task comes back by its own address",
    "read_findings": "computed",
    "read_import_profiles": "a line a profile; a profile is its JSON",
    "read_imports": "what was done",
    "read_keys": "a line a key; of its secret only a hash is kept",
    "read_webhooks": "a line a webhook; a webhook is its JSON",
    "read_audit": "what was done",
}
"""Tables that are not what their resource is written as, and why; reports besides, all of which are computed."""
TAKEN_BACK = {
    "read_values": "/v1/imports",
    "read_units": "/v1/units/import",
    "read_targets": "/v1/targets",
    "read_publications": "/v1/publications",
}
"""Tables that are, and the address that takes them."""


def test_every_table_is_taken_back_or_is_told_to_be_a_report() -> None:
    tables = {each.id for each in table_reads.tables() if not each.path.startswith("/v1/reports/")}
    operations = Contract(table_reads.DOCUMENT).operations

    assert tables == REPORTS.keys() | TAKEN_BACK.keys()
    for address in TAKEN_BACK.values():
        [write] = [each for each in operations if each.path == address and each.method in ("put", "post")]
        assert {"text/csv", XLSX, "application/json"} <= write.spec["requestBody"]["content"].keys(), address


TARGET = {"indicator": "dossier_sync", "level": "commune", "year": "2026", "unit": "H60", "target": "50"}


@pytest.mark.usefixtures("tuyen_quang")
@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"indicator": "dossier_synk"}, ("indicator_unknown", 3, "indicator")),
        ({"target": "1.234"}, ("number_ambiguous", 3, "target")),
        ({"target": " "}, ("field_missing", 3, "target")),
        ({"year": "MMXXVI"}, ("number_invalid", 3, "year")),
        ({"unit": "H61"}, ("unit_unknown", 3, "unit")),
        ({"indikator": "x"}, ("column_unknown", 1, "indikator")),
    ],
)
async def test_a_fault_of_a_table_is_named_by_row_and_column(
    api: Client, wrong: dict[str, str], fault: tuple[str, int, str]
) -> None:
    rows = [{**TARGET, "year": "2025"} | dict.fromkeys(wrong.keys() - TARGET.keys(), ""), {**TARGET, **wrong}]
    body = "\n".join(",".join(line) for line in (rows[1], *(row.values() for row in rows)))

    answer = await api.put("/v1/targets", content=body, headers={"Content-Type": "text/csv"})

    found = [(each["code"], each["row"], each["column"]) for each in answer.json()["errors"]]
    assert (answer.status_code, found) == (422, [fault])
    assert (await api.get("/v1/targets")).json()["items"] == []


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ndjson"])
@pytest.mark.parametrize("path", ["/v1/targets", "/v1/publications"])
async def test_an_export_of_nothing_is_taken_back(api: Client, path: str, kind: str) -> None:
    exported = await api.get(path, params={"format": kind})

    back = await api.put(path, content=exported.content, headers={"Content-Type": KINDS[kind]})

    assert (back.status_code, back.json()["items"]) == (200, [])


@pytest.mark.parametrize(("cell", "status"), [("", 200), ("-", 200), ("95", 422)])
async def test_a_column_without_a_heading_may_stand_there_empty(api: Client, cell: str, status: int) -> None:
    body = f"indicator;year;target;\non_time;2026;95;{cell}\n"

    answer = await api.put("/v1/targets", content=body, headers={"Content-Type": "text/csv"})

    assert answer.status_code == status
    assert [(each["code"], each["row"]) for each in answer.json().get("errors", [])] == (
        [("cell_outside", 2)] if status == 422 else []
    )


@pytest.mark.usefixtures("tuyen_quang")
async def test_an_empty_cell_empties_a_fact_of_a_publication_and_a_missing_column_keeps_it(api: Client) -> None:
    stated = {"unit": "H60", "period": "2024-07", "due_on": "2024-08-31", "note": "Công văn"}
    await api.put("/v1/publications", json=stated)

    body = "unit,period,due_on\nH60,2024-07,\n"
    await api.put("/v1/publications", content=body, headers={"Content-Type": "text/csv"})

    [left] = (await api.get("/v1/publications")).json()["items"]
    assert (left["due_on"], left["note"]) == (None, "Công văn")


@pytest.mark.usefixtures("tuyen_quang")
async def test_a_kind_that_is_no_table_is_refused_by_name(api: Client) -> None:
    answer = await api.put("/v1/targets", content=b"%PDF-", headers={"Content-Type": "application/pdf"})

    assert (answer.status_code, answer.json()["code"]) == (415, "content_type_unsupported")
    assert "application/pdf" in answer.json()["detail"]


@pytest.mark.usefixtures("tuyen_quang")
@BOUNDED
@given(title=NAMES, detail=st.none() | PROSE, due=DAYS)
async def test_a_task_that_was_read_is_patched_unchanged(
    api: Client, title: str, detail: str | None, due: str | None
) -> None:
    finding = {"rule": "rate_out_of_range", "unit": "H60", "period": "2024-07", "indicator": None}
    facts = {"kind": "directive", "title": title, "detail": detail, "due_on": due, "finding": finding}
    added = await api.post("/v1/tasks", json={**facts, "assignee": "H60.100", "helpers": ["H60.200"]})
    assert added.status_code == 201, added.text
    path = added.headers["location"]
    read = await api.get(path)

    back = await api.patch(path, content=read.content, headers={"Content-Type": KINDS["json"]})

    assert back.status_code == 200, back.text
    assert (back.content, back.headers["etag"]) == (read.content, read.headers["etag"])


@pytest.mark.usefixtures("tuyen_quang")
@BOUNDED
@given(line=NAMES, prose=PROSE)
async def test_a_letter_profile_that_was_read_is_put_unchanged(api: Client, line: str, prose: str) -> None:
    profile = {"issuer": line, "opening": prose, "orders": [prose, line], "signature": {"name": line}}
    taken = await api.put("/v1/letter-profiles/H60", json=profile)
    assert taken.status_code in (200, 201), taken.text
    read, before = await api.get("/v1/letter-profiles/H60"), await writes(api)

    back = await api.put("/v1/letter-profiles/H60", content=read.content, headers={"Content-Type": KINDS["json"]})

    assert (back.status_code, back.content) == (200, read.content)
    assert await writes(api) == before


async def writes(api: Client) -> int:
    """The number of the last write that left a trace."""
    number: int = (await api.get("/v1/audit", params={"limit": 1})).json()["items"][0]["id"]
    return number


async def test_a_profile_of_another_unit_is_not_taken_for_this_one(api: Client, tuyen_quang: None) -> None:
    answer = await api.put("/v1/letter-profiles/H60", json={"unit": "H60.100", "issuer": "Văn phòng"})

    assert (answer.status_code, answer.json()["code"]) == (422, "code_differs")


async def test_a_note_keeps_its_own_apostrophe(api: Client, tuyen_quang: None) -> None:
    notes = ["'=1+1", "=1+1", "''=1+1", "'quoted'"]
    rows = [
        {"unit": "H60", "period": period, "indicator": "dossier_sync", "value": 90, "note": note}
        for period, note in zip(PERIODS, notes, strict=True)
    ]
    await api.post("/v1/imports", json=rows)

    body = (await exported(api, "/v1/values", "csv")).decode()

    assert all(f",{written}," in body for written in ["''=1+1", "'=1+1", "'''=1+1", "'quoted'"])
