"""Templates of letters checked over HTTP: what is wrong is told in both languages, and no file harms the service."""

from collections.abc import Iterator

import httpx
import pytest

from tests.make import bearer
from tests.support.framework_documents import a_document
from tests.support.readme import KEY, served
from tests.support.word_files import DOCX, SENT, a_template, tampered

PATH = "/v1/letter-templates/check"
FAULTY = {
    "an attribute chain": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "a billion letters": "{{ 'a' * 1000000000 }}",
    "a billion rounds": "{% for each in range(1000000000) %}{% endfor %}",
    "a file": "{% include '/etc/passwd' %}",
    "unclosed tags without end": "{{ " * 100_000,
    "an expression of many brackets": "{{ " + "(" * 5_000 + ")" * 5_000 + " }}",
}
HOSTILE = {
    "no file of Word": b"a" * 1_000,
    "a bomb": tampered({"word/media/a.png": b"\0" * 20_000_000}),
    "an external relation": tampered(
        {
            "word/_rels/document.xml.rels": (
                b"</Relationships>",
                b'<Relationship Id="rX" Target="http://192.0.2.1/a.png" TargetMode="External" '
                b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/></Relationships>',
            )
        }
    ),
    "macros": tampered({"word/vbaProject.bin": b"\xd0\xcf"}),
    "an external entity": tampered(
        {"word/document.xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'}
    ),
    "very deep XML": tampered({"word/document.xml": b"<a>" * 100_000 + b"</a>" * 100_000}),
    "a document without a body": tampered({"word/document.xml": b"<a/>"}),
    "a file cut short": a_template("a")[:-500],
}


async def test_an_unknown_field_is_told_in_the_language_of_the_request(api: httpx.AsyncClient) -> None:
    template = a_template("Kính gửi", "Đạt {{ totl | diem }} điểm, {{ period.words }}")

    english = await api.post(PATH, content=template, headers=SENT)
    vietnamese = await api.post(PATH, content=template, headers={**SENT, "Accept-Language": "vi"})

    [fault] = english.json()["faults"]
    assert {name: value for name, value in fault.items() if name != "detail"} == {
        "code": "field_unknown",
        "field": "totl",
        "suggestion": "total",
        "part": "body",
        "paragraph": 2,
        "text": "Đạt {{ totl | diem }} điểm, {{ period.words }}",
    }
    assert "There is no field `totl`" in fault["detail"]
    assert "Không có trường `totl`" in vietnamese.json()["faults"][0]["detail"]
    assert english.json()["fields"] == ["period.words"]


async def test_codes_are_those_of_the_frameworks_that_the_service_has(api: httpx.AsyncClient) -> None:
    template = a_template('{{ criteria["speed_points"].points }} {{ groups["speed"].points }}')

    before = await api.post(PATH, content=template, headers=SENT)
    assert (await api.post("/v1/frameworks", json=a_document())).is_success
    after = await api.post(PATH, content=template, headers=SENT)

    assert [each["code"] for each in before.json()["faults"]] == ["letter_code_unknown", "letter_code_unknown"]
    assert after.json()["faults"] == []


async def test_a_form_holds_the_file_as_well(api: httpx.AsyncClient) -> None:
    file = ("mau.docx", a_template("{{ total }}"), DOCX)

    answer = await api.post(PATH, files={"file": file})
    two = await api.post(PATH, files=[("file", file), ("file", file)])

    assert (answer.status_code, answer.json()) == (200, {"faults": [], "fields": ["total"]})
    assert (two.status_code, two.json()["code"]) == (422, "one_file_expected")


async def test_another_kind_of_body_and_one_that_is_too_large_are_refused(api: httpx.AsyncClient) -> None:
    other = await api.post(PATH, json={})
    large = await api.post(PATH, content=b"a" * (3 << 20), headers=SENT)
    larger_than_a_template = await api.post(PATH, content=b"a" * ((2 << 20) + 1), headers=SENT)

    assert (other.status_code, other.json()["code"]) == (415, "content_type_unsupported")
    assert (large.status_code, large.json()["code"]) == (413, "body_too_large")
    assert (larger_than_a_template.status_code, larger_than_a_template.json()["code"]) == (400, "docx_too_large")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with (
        served(tmp_path_factory.mktemp("templates"), demo=False) as address,
        httpx.Client(base_url=address, headers=bearer(KEY), timeout=60.0) as client,
    ):
        yield client


@pytest.mark.parametrize("name", FAULTY)
def test_a_hostile_template_is_named_and_not_run(client: httpx.Client, name: str) -> None:
    answer = client.post(PATH, content=a_template(FAULTY[name]), headers=SENT)

    assert answer.status_code in (200, 400, 422), answer.text
    assert answer.json().get("faults", [answer.json().get("code")])
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_the_process_lives(client: httpx.Client, name: str) -> None:
    before = client.get("/readyz").json()["instance"]

    answer = client.post(PATH, content=HOSTILE[name], headers=SENT)

    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json()["code"].startswith("docx_")
    assert client.get("/readyz").json()["instance"] == before
