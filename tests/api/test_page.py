"""The page for people: what it is made of, and that nothing of it comes from or goes to anywhere else."""

import re
from pathlib import Path
from typing import get_args

import httpx
import pytest

from app.api.service import STATIC
from app.domain.period import PeriodType
from app.domain.scoring.board import METHODS
from app.domain.vietnamese_labels import FLAGS
from app.domain.vocabulary import LEVELS
from app.reports.letter.office_file import SHIPPED as SHIPPED_LETTERS

PAGE = STATIC / "page"
SCRIPTS = {path.name: path.read_text("utf-8") for path in sorted(PAGE.glob("*.js"))}
SHIPPED = {path.name: path.read_text("utf-8") for path in sorted(PAGE.iterdir())}
INDEX = SHIPPED["index.html"]
NAMESPACE = "http://www.w3.org/2000/svg"
"""The one address that may stand in a file: it names the language of drawings and is never asked for."""

TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html"}
ENTRY = re.compile(r'^ {4}(\w+): \{ vi: "([^"]+)", en: "([^"]+)" \},$', re.MULTILINE)
TEXTS = {name: (vi, en) for name, vi, en in ENTRY.findall(SCRIPTS["texts.js"])}
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def named_assets() -> set[str]:
    """Every address that the page, its modules and its style name, from the root of the service."""
    found = set(re.findall(r'(?:src|href)="(static/[^"]+)"', INDEX))
    found |= {f"static/page/{name}" for code in SCRIPTS.values() for name in re.findall(r'from "\./([^"]+)"', code)}
    return found | {f"static/page/{name}" for name in re.findall(r"url\(([^)]+)\)", SHIPPED["style.css"])}


async def test_the_page_may_load_and_ask_nothing_but_this_service(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.get("/")

    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "font-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }


async def test_a_link_to_a_ranking_opens_the_page(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.get("/?period=2024-07&level=commune&under=H60")

    assert answer.status_code == 200
    assert answer.text == INDEX


async def test_the_page_is_asked_for_anew_each_time_and_not_sent_twice(anonymous: httpx.AsyncClient) -> None:
    first = await anonymous.get("/")
    again = await anonymous.get("/", headers={"If-None-Match": first.headers["etag"]})
    other = await anonymous.get("/", headers={"If-None-Match": '"of another version"'})

    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]
    assert other.status_code == 200


@pytest.mark.parametrize("address", sorted(named_assets()))
async def test_every_asset_that_is_named_is_served(anonymous: httpx.AsyncClient, address: str) -> None:
    first = await anonymous.get(address)
    again = await anonymous.get(address, headers={"If-None-Match": first.headers["etag"]})

    assert first.status_code == 200
    assert first.headers["content-type"].partition(";")[0] == TYPES[Path(address).suffix]
    assert first.headers["x-content-type-options"] == "nosniff"
    assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache")


def test_nothing_ships_that_the_page_does_not_name() -> None:
    assert {Path(address).name for address in named_assets()} | {"index.html"} == set(SHIPPED)


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_no_file_of_the_page_names_another_host(name: str) -> None:
    assert re.findall(r"(?:https?:)?//[\w.-]+\.\w+", SHIPPED[name].replace(NAMESPACE, "")) == []


def test_the_page_holds_no_inline_script_and_no_inline_style() -> None:
    assert re.findall(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=|javascript:", INDEX) == []


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_no_script_turns_text_into_markup_or_code(name: str) -> None:
    risky = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|eval\(|new Function|srcdoc"

    assert re.findall(risky, SCRIPTS[name]) == []


def test_the_key_is_kept_by_the_tab_alone() -> None:
    keepers = {name for name, code in SCRIPTS.items() if "sessionStorage" in code}
    lasting = {call for code in SCRIPTS.values() for call in re.findall(r"localStorage\.\w+\((\w+)", code)}

    assert keepers == {"api.js"}
    assert lasting == {"REMEMBERED"}  # the language, and nothing else


def test_every_text_stands_in_both_languages_with_the_same_blanks() -> None:
    lines = SCRIPTS["texts.js"].partition("const TEXTS = {")[2].partition("\n};")[0]
    differing = [
        name
        for name, (vi, en) in TEXTS.items()
        # a language may name a month or a quarter its own way
        if not name.startswith("period_") and set(PLACEHOLDER.findall(vi)) != set(PLACEHOLDER.findall(en))
    ]

    assert len(TEXTS) == sum(1 for line in lines.splitlines() if line.strip())
    assert differing == []


def test_every_text_that_is_asked_for_exists_and_every_text_is_asked_for() -> None:
    code = "\n".join([INDEX, *(text for name, text in SCRIPTS.items() if name != "texts.js")])
    asked = {name for call in re.findall(r"\btext\(((?:\(\)|[^(){}])*)", code) for name in re.findall(r'"(\w+)"', call)}
    asked |= set(re.findall(r'data-(?:text|hint|label)="(\w+)"', code))
    quoted = set(re.findall(r'"(\w+)"', code))
    families = set(re.findall(r"text\(`(\w+_)\$", code)) | {
        f"{kind}_" for kind in re.findall(r'wordFor\("(\w+)"', code)
    }
    unused = {name for name in TEXTS if name not in quoted and not name.startswith(tuple(families))}

    assert asked - set(TEXTS) == set()
    assert unused == set()


def test_levels_periods_and_methods_of_the_service_have_words() -> None:
    words = {f"level_{level}" for level in LEVELS} | {f"method_{each}" for each in METHODS}
    kinds = {name.split("_")[1] for name in TEXTS if name.startswith("period_")}

    assert words <= set(TEXTS)
    assert kinds == set(get_args(PeriodType))


def test_every_letter_that_ships_can_be_had_from_the_page() -> None:
    [listed] = re.findall(r"const SHIPPED = \[(.*)\];", SCRIPTS["documents.js"])
    kinds = re.findall(r'"(\w+)"', listed)

    assert sorted(kinds) == sorted(SHIPPED_LETTERS)
    assert {f"letter_{kind}" for kind in kinds} <= set(TEXTS)


@pytest.mark.parametrize("flag", sorted(FLAGS))
def test_each_flag_of_a_score_has_a_name_and_a_reason(flag: str) -> None:
    assert {f"flag_{flag}", f"why_{flag}"} <= set(TEXTS)


@pytest.mark.parametrize(
    "flag", ["missing", "zero_denominator", "not_applicable", "excluded", "points_exceed_max", "partial"]
)
def test_each_flag_of_a_criterion_has_a_name(flag: str) -> None:
    assert f"flag_{flag}" in TEXTS
