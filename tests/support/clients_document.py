"""The programs that docs/clients.md prints, and a small service for them to speak to."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.readme import KEY, ROOT, served

DOCUMENT = (ROOT / "docs" / "clients.md").read_text("utf-8")
COMMUNES = {"H60.101": "UBND xã Hùng Lợi", "H60.102": "UBND xã Thổ Bình"}
MONTH = "unit;transparency_points;total_points\nH60.101;13,2;81,77\nH60.102;11,5;79,5\n"
"""A file of an office: two communes, one group and the total."""


def program(language: str) -> str:
    """The one program in a language."""
    [found] = re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT, flags=re.M | re.S)
    return str(found)


@contextmanager
def with_communes(home: Path, **settings: str) -> Iterator[httpx.Client]:
    """A client with the admin key of a service that holds a province and its communes."""
    units = [{"code": "H60", "name": "UBND tỉnh Tuyên Quang", "level": "province"}]
    units += [{"code": code, "name": name, "level": "commune", "parent": "H60"} for code, name in COMMUNES.items()]
    key = {"Authorization": f"Bearer {KEY}"}
    with (
        served(home, demo=False, settings=settings) as address,
        httpx.Client(base_url=address, headers=key, timeout=60) as client,
    ):
        assert client.post("/v1/units/import", json=units).status_code == 200
        yield client
