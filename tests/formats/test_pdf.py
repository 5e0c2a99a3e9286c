"""A DOCX as PDF: its words on its pages, by a program that is held within limits; skipped where there is none."""

import base64
import io
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from socketserver import BaseRequestHandler, TCPServer
from tempfile import gettempdir

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from app.errors import Unavailable
from app.formats.docx import to_docx
from app.formats.page_layout import PagedDocument, PageGroup, PageParagraph, Run
from app.formats.pdf import PROGRAMS, NotInstalled, PdfLimits, to_pdf

installed = pytest.mark.skipif(not any(map(shutil.which, PROGRAMS)), reason="LibreOffice is not installed")
DOT = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
"""A picture of one point."""
PAGES = re.compile(rb"/Type\s*/Page\b")
"""Each page of a PDF."""


def a_letter(*texts: str, title: str = "Công văn", comments: tuple[str, ...] = ()) -> bytes:
    groups = [PageGroup([PageParagraph([Run(text)], comments=comments)]) for text in texts]
    return to_docx(PagedDocument(title, datetime(2024, 8, 28, 9, 30, 8, tzinfo=UTC), groups))


def a_program(path: Path, script: str) -> str:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def is_running(process: str) -> bool:
    """Whether a process is at work; one that has ended may wait to be asked for its end."""
    state = subprocess.run(["/bin/ps", "-o", "stat=", "-p", process], capture_output=True, text=True, check=False)
    return not state.stdout.strip().startswith(("Z", "X")) and bool(state.stdout.strip())


def leftovers() -> list[Path]:
    return list(Path(gettempdir()).glob("chiso-pdf-*"))


@installed
def test_each_page_of_a_letter_is_a_page() -> None:
    made = to_pdf(a_letter("Số 766/QĐ-TTg", "Phụ lục I", "Phụ lục II"))

    assert made.startswith(b"%PDF-")
    assert len(PAGES.findall(made)) == 3


@installed
def test_the_same_letter_is_the_same_bytes_dated_as_the_letter() -> None:
    letter = a_letter("a")

    one, other = to_pdf(letter), to_pdf(letter)

    assert one == other != to_pdf(a_letter("b"))
    assert b"/CreationDate(D:20240828093008" in one


@installed
def test_a_text_that_is_as_long_as_the_number_of_the_file_stays() -> None:
    made = to_pdf(a_letter("a", title="Báo cáo"))

    assert "\ufeffBáo cáo".encode("utf-16-be").hex().upper().encode() in made


@installed
def test_remarks_do_not_go_out_with_a_letter() -> None:
    assert b"/Annot" not in to_pdf(a_letter("a", comments=("Sai số liệu",)))


@installed
def test_nothing_stays_on_the_disk() -> None:
    before = leftovers()
    to_pdf(a_letter("a"))

    assert leftovers() == before


@pytest.fixture
def visits() -> Iterator[tuple[str, list[str]]]:
    """The address of a server in this process, and what was asked of it."""
    asked: list[str] = []

    class Visited(BaseRequestHandler):
        def handle(self) -> None:
            asked.append(str(self.client_address))

    server = TCPServer(("127.0.0.1", 0), Visited)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/a.png", asked
    server.shutdown()
    serving.join()
    server.server_close()


@installed
def test_nothing_is_fetched_from_elsewhere(visits: tuple[str, list[str]]) -> None:
    address, asked = visits
    written = docx.Document()
    written.add_picture(io.BytesIO(base64.b64decode(DOT)))
    [picture] = written.element.iter(qn("a:blip"))
    picture.attrib.clear()
    picture.set(qn("r:link"), written.part.relate_to(address, RELATIONSHIP_TYPE.IMAGE, is_external=True))
    buffer = io.BytesIO()
    written.save(buffer)

    to_pdf(buffer.getvalue())

    assert asked == []


def test_without_the_program_it_is_said_how_to_install_it() -> None:
    with pytest.raises(NotInstalled, match="apt-get install") as refused:
        to_pdf(a_letter("a"), program="/nowhere/soffice")

    assert (refused.value.status, refused.value.code) == (501, "pdf_not_installed")


@pytest.mark.parametrize("then", ["wait", "exit 1"])
def test_a_program_that_comes_to_no_end_is_ended_with_what_it_has_started(then: str, tmp_path: Path) -> None:
    noted, before = tmp_path / "child", leftovers()
    program = a_program(tmp_path / "soffice", f"sleep 300 & echo $! > {noted}; {then}")
    began = time.monotonic()

    with pytest.raises(Unavailable) as refused:
        to_pdf(a_letter("a"), program, PdfLimits(seconds=1))

    assert (refused.value.code, refused.value.headers) == ("pdf_failed", {"Retry-After": "30"})
    while is_running(noted.read_text().strip()):
        assert time.monotonic() - began < 10
    assert leftovers() == before


def test_a_program_that_makes_nothing_is_told_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Unavailable):
        to_pdf(a_letter("a"), a_program(tmp_path / "soffice", "echo no display"))

    assert "no display" in caplog.text


def test_a_program_sees_nothing_of_the_surroundings_and_is_limited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHISO_BOOTSTRAP_KEY", "x" * 30)
    seen = tmp_path / "seen"
    program = a_program(tmp_path / "soffice", f"(env; ulimit -t; ulimit -v; ulimit -f; ulimit -c) > {seen}")

    with pytest.raises(Unavailable):
        to_pdf(a_letter("a"), program, PdfLimits(seconds=7, memory=900_000, output=50))

    told = seen.read_text()
    assert "CHISO" not in told
    assert told.splitlines()[-4:] == ["7", "900000", "100", "0"]
