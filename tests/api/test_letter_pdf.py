"""The letter as PDF, where there is a program that makes one; and where there is none."""

import shutil

import httpx
import pytest

from app.config import Settings
from app.formats.pdf import PROGRAMS
from tests.api.test_announcement import LIVE, OTHER, OURS, PATH, communes, total
from tests.make import BOOTSTRAP_KEY, with_figures

__all__ = ["communes"]  # a fixture of the letter's own tests

Client = httpx.AsyncClient


@pytest.fixture
def program() -> str | None:
    return None


@pytest.fixture
def settings(database_url: str, program: str | None) -> Settings:
    """The usual ones, with a program for PDFs."""
    return Settings(_env_file=None, database_url=database_url, bootstrap_key=BOOTSTRAP_KEY, pdf_program=program)


@pytest.mark.skipif(not any(map(shutil.which, PROGRAMS)), reason="LibreOffice is not installed")
async def test_a_letter_is_read_as_pdf_too(api: Client, communes: None) -> None:
    await with_figures(api, [total(OURS, 92), total(OTHER, 60)])

    one, other = [await api.get(PATH, params={**LIVE, "format": "pdf"}) for _ in range(2)]

    assert (one.status_code, one.headers["content-type"]) == (200, "application/pdf")
    assert one.headers["content-disposition"] == 'attachment; filename="CV_H60_2024-07.pdf"'
    assert one.content.startswith(b"%PDF-")
    assert other.content == one.content


@pytest.mark.parametrize("program", ["/nowhere/soffice"])
async def test_without_the_program_a_pdf_is_refused_and_the_letter_is_not(api: Client, communes: None) -> None:
    await with_figures(api, [total(OURS, 92), total(OTHER, 60)])

    refused = await api.get(PATH, params={**LIVE, "format": "pdf"}, headers={"Accept-Language": "vi"})

    assert (refused.status_code, refused.json()["code"]) == (501, "pdf_not_installed")
    assert "cài" in refused.json()["detail"]
    assert (await api.get(PATH, params={**LIVE, "format": "docx"})).status_code == 200
