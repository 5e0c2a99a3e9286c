"""The dashboard of docs/clients.md on an origin of its own, looked at with a real browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from tests.support.browser import seen_at
from tests.support.clients_document import MONTH, program, with_communes

ADDRESS = "http://127.0.0.1:8000"
"""Where the dashboard looks for the service as it stands in the document."""
CSV = {"Content-Type": "text/csv"}
ASKED = re.compile(r" (OPTIONS|GET) (/v1/\S+) ")


class Silent(SimpleHTTPRequestHandler):
    """The files of a directory, without a word on standard error."""

    def log_message(self, *_: object) -> None: ...


@contextmanager
def other_origin(directory: Path) -> Iterator[str]:
    """The address of a web server that knows nothing but the files of a directory."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(directory)))
    Thread(target=server.serve_forever).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def publish_month(client: httpx.Client) -> None:
    for period in ("2024-06", "2024-07"):
        query = {"period": period, "source": "provincial_system", "locale": "vi"}
        assert client.post("/v1/imports", params=query, headers=CSV, content=MONTH.encode()).status_code == 200
    order = {"period": "2024-07", "under": "H60", "levels": ["commune"], "title": "Tháng 7/2024"}
    draft = client.post("/v1/evaluations", json=order).json()
    assert client.post(f"/v1/evaluations/{draft['id']}/publish").status_code == 200


def rows_of(page: str) -> list[list[str]]:
    """The texts of the cells of each row of a page."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page, flags=re.S)
    return [re.findall(r"<t[dh]>(.*?)</t[dh]>", row) for row in rows]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dashboard")


@pytest.fixture(scope="module")
def origins(home: Path) -> Iterator[tuple[str, str]]:
    """Two other origins with the dashboard; the service lets pages of the first read what it answers."""
    site = home / "site"
    site.mkdir()
    with (
        other_origin(site) as named,
        other_origin(site) as unnamed,
        with_communes(home, CHISO_CORS_ORIGINS=named) as client,
    ):
        publish_month(client)
        address = str(client.base_url).rstrip("/")
        (site / "index.html").write_text(program("html").replace(ADDRESS, address), "utf-8")
        yield named, unnamed


def test_a_dashboard_on_another_origin_shows_a_published_result_after_three_requests(
    home: Path, origins: tuple[str, str]
) -> None:
    before = (home / "log").read_text("utf-8")

    page = seen_at(f"{origins[0]}/index.html")

    asked = ASKED.findall((home / "log").read_text("utf-8")[len(before) :])
    head, first, second = rows_of(page)
    assert (head[:3], head[-2:]) == (["Hạng", "Cơ quan", "Công khai, minh bạch"], ["Tổng điểm", "Xếp loại"])
    assert first == ["1", "UBND xã Hùng Lợi", "13,2", *["–"] * 5, "81,77", "Tốt"]
    assert second == ["2", "UBND xã Thổ Bình", "11,5", *["–"] * 5, "79,5", "Khá"]
    assert "2 cơ quan, trung bình 80,64" in page
    assert ">Tháng 7/2024</option>" in page
    assert {method for method, _ in asked} == {"GET"}
    assert len(asked) <= 3, asked


def test_a_dashboard_on_an_origin_that_is_not_named_says_that_it_may_not_read(origins: tuple[str, str]) -> None:
    page = seen_at(f"{origins[1]}/index.html")

    assert "Chưa xem được: " in page
    assert "Hùng Lợi" not in page


def test_the_dashboard_has_sixty_lines_at_most() -> None:
    assert len(program("html").splitlines()) <= 60
