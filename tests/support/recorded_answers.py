"""The answers of the service over the demonstration, written down byte by byte, to be held against those of later code.

python -m tests.support.recorded_answers DIRECTORY writes a file an answer: its status, its headers and its body. What
two states of the code answer differently, `diff -rq BEFORE AFTER` says. The clock stands still, so that nothing but
the code makes a difference.
"""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from app.config import Settings
from app.domain.instant import to_instant
from app.main import create_app
from app.services.demo import DEMO, load_demo
from app.services.frameworks import ship
from app.store.schema import migrate
from tests.make import BOOTSTRAP_KEY, bearer
from tests.support.contract import Contract, Operation

Client = httpx.AsyncClient
Ask = tuple[str, str, dict[str, Any]]
"""Method, address and what else the client sends."""

NOW = datetime(2026, 10, 12, 1, 30, tzinfo=UTC)
PROVINCE = {"period": "2024-07", "under": "H60", "on": "2024-08-28"}
COMMUNES = {"period": "2026", "under": "H21", "level": "commune", "against": "2025"}
EVALUATION = {"evaluation": "3"}
COHORTS: tuple[dict[str, str], ...] = (PROVINCE, COMMUNES, EVALUATION)
"""What reports are asked about: a letter's month, the communes of a province, a frozen evaluation."""
NAMES = {
    "code": {"/v1/units": "H60", "/v1/periods": "2024-07", "/v1/indicators": "on_time"},
    "name": {"": "qd766@2026"},
    "unit": {"/v1/scores": "H21.17", "": "H60"},
    "period": {"": "2026"},
    "id": {"": "3"},
}
"""Path parameters: the value under an address that begins so."""
QUERIES: dict[str, tuple[dict[str, str], ...]] = {
    "/v1/units": ({"under": "H21", "limit": "5"}, {"q": "van canh"}, {"level": "province", "sort": "name"}),
    "/v1/units/{code}": ({}, {"active_on": "2024-01-01"}),
    "/v1/periods": ({"type": "month"}, {}),
    "/v1/periods/{code}/completeness": ({"level": "commune", "under": "H21"}, {"level": "province"}),
    "/v1/values": (
        {"unit": "H60", "period": "2024-07"},
        {"under": "H21", "indicator": "on_time", "limit": "20"},
        {"unit": "H60", "history": "true", "limit": "20"},
    ),
    "/v1/scores": (
        {"period": "2026", "level": "commune", "under": "H21", "limit": "20"},
        {"period": "2026", "level": "commune", "under": "H21", "view": "legal", "sort": "name"},
        {"period": "2024-07", "level": "district", "under": "H60"},
        {"period": "2026", "level": "province", "against": "2025"},
    ),
    "/v1/scores/sensitivity": (
        {"period": "2026", "level": "province", "draws": "50"},
        {"period": "2026", "level": "commune", "under": "H21", "weights": "0", "draws": "5"},
    ),
    "/v1/overview": ({"under": "H21"}, {}),
    "/v1/scores/{unit}": ({"from": "2023-01", "to": "2026"},),
    "/v1/scores/{unit}/{period}": ({}, {"view": "legal", "against": "2025"}),
    "/v1/scores/{unit}/{period}/change": ({}, {"against": "2025"}),
    "/v1/scores/{unit}/{period}/reach": ({"band": "excellent"}, {"total": "90", "hold": "grow", "by": "1000"}),
    "/v1/evaluations/latest": ({"framework": "qd766", "period": "2026", "under": "H21", "level": "department"},),
    "/v1/evaluations/{id}/diff": ({"against": "4"},),
    "/v1/reports/classification": (*COHORTS, {**COMMUNES, "table": "commune"}),
    "/v1/reports/comparison": ({**PROVINCE, "unit": "H60"}, {**PROVINCE, "unit": "H60", "only": "declined"}, *COHORTS),
    "/v1/reports/counts": tuple(each | {"indicator": "on_time"} for each in COHORTS),
    "/v1/reports/reconciliation": COHORTS,
    "/v1/reports/below-target": COHORTS,
    "/v1/reports/movers": COHORTS,
    "/v1/reports/publication": COHORTS,
    "/v1/reports/tasks": COHORTS,
    "/v1/reports/notice": COHORTS,
    "/v1/reports/brief": COHORTS,
    "/v1/reports/announcement": (*COHORTS, {"period": "2024-01", "under": "H60", "on": "2024-03-31"}),
    "/v1/findings": ({"period": "2024-07", "under": "H60"}, {"period": "2026", "under": "H21", "limit": "20"}),
    "/v1/targets": ({"year": "2024"}, {}),
    "/v1/publications": ({"period": "2024-07"}, {"under": "H60", "limit": "20"}),
    "/v1/tasks": ({"limit": "10"}, {"state": "open", "on": "2024-08-28"}),
    "/v1/audit": ({"limit": "10"},),
}
"""What each address is asked with, in every format that it has; others are asked without anything."""
FIGURE = {"unit": "H60", "period": "2024-09", "indicator": "total_points", "value": "82,15"}
JSON = {"Content-Type": "application/json"}
ORDER = {"framework": "qd766", "period": "2026", "under": "H21"}
TARGET = {"indicator": "on_time", "level": "commune", "year": 2026, "target": "95"}
PUBLICATION = {"unit": "H60", "period": "2024-07", "subject": "results", "due_on": "2024-08-31"}
WRITES: tuple[Ask, ...] = (
    ("POST", "/v1/evaluations", {"json": {**ORDER, "levels": ["commune"]}}),
    ("POST", "/v1/evaluations", {"json": {**ORDER, "levels": ["commune", "department"]}}),
    ("POST", "/v1/evaluations", {"json": {"framework": "qd767", "period": "2026-13", "levels": ["town"]}}),
    ("POST", "/v1/evaluations/3/publish", {}),
    ("POST", "/v1/evaluations/4/publish", {}),
    ("POST", "/v1/evaluations/3/withdraw", {"json": {"reason": "Số liệu chưa đầy đủ"}}),
    ("POST", "/v1/imports?locale=vi", {"json": [FIGURE]}),
    ("POST", "/v1/imports?locale=vi&dry_run=true", {"json": [{**FIGURE, "value": "83"}]}),
    ("POST", "/v1/imports", {"json": [{**FIGURE, "unit": "H6O"}, {**FIGURE, "value": "855,589"}, {"x": 1}]}),
    ("POST", "/v1/imports", {"content": "unit;period\nH60;2024-09\n", "headers": {"Content-Type": "text/csv"}}),
    ("POST", "/v1/imports/2/undo", {}),
    ("PUT", "/v1/targets", {"json": {"items": [TARGET]}}),
    ("PUT", "/v1/targets", {"json": {"items": [{**TARGET, "indicator": "on_tine"}, {**TARGET, "target": "x"}]}}),
    ("PUT", "/v1/publications", {"json": {"items": [PUBLICATION]}}),
    ("PUT", "/v1/publications", {"json": {"items": [{**PUBLICATION, "unit": "H6O"}, {**PUBLICATION, "due_on": "x"}]}}),
    ("POST", "/v1/tasks", {"json": {"kind": "directive", "title": "Rà soát hồ sơ quá hạn", "assignee": "H60"}}),
    ("POST", "/v1/tasks", {"json": {"kind": "directive", "title": "Rà soát", "assignee": "H6O", "helpers": ["H6O"]}}),
    ("PATCH", "/v1/tasks/1", {"json": {"state": "done", "report": "Đã thực hiện", "reported_on": "2024-09-01"}}),
    ("PUT", "/v1/units/H99", {"json": {"name": "Tỉnh thử", "level": "province"}}),
    ("PATCH", "/v1/units/H60", {"json": {"parent": "H6O"}}),
    ("POST", "/v1/units/import", {"json": [{"code": "H99.1", "name": "Xã thử", "level": "commune", "parent": "H98"}]}),
    ("POST", "/v1/unit-events", {"json": {"kind": "move", "effective_on": "2026-01-01", "from": ["H98"]}}),
    ("POST", "/v1/frameworks", {"json": {"code": "qd766"}}),
    ("POST", "/v1/frameworks/validate", {"json": {"code": "qd766"}}),
    ("PUT", "/v1/letter-profiles/H60", {"json": {"signer": 3}}),
    ("PUT", "/v1/periods/2024-07/lock", {"json": {"reason": "Đã công bố"}}),
    ("PUT", "/v1/periods/2024-08/due", {"json": {"due_on": "2024-09-05"}}),
    ("POST", "/v1/imports", {"json": [{**FIGURE, "period": "2024-07"}]}),
    ("POST", "/v1/check", {"content": (DEMO / "ban-thao.json").read_bytes(), "headers": JSON}),
    ("POST", "/v1/check?locale=x", {"json": {"period": "2024-07", "rows": [{"unit": 3}]}}),
)
"""What is written first, in this order, good and bad; the answers are recorded with the rest."""
REFUSED: tuple[Ask, ...] = (
    ("GET", "/v1/units/H6O", {}),
    ("GET", "/v1/units?limit=0&level=town&x=1", {}),
    ("GET", "/v1/units?cursor=x", {}),
    ("GET", "/v1/scores", {}),
    ("GET", "/v1/scores?period=2026-13&level=commune", {}),
    ("GET", "/v1/scores?period=2026&level=commune&under=H6O", {}),
    ("GET", "/v1/scores?period=2026&level=commune&framework=qd767", {}),
    ("GET", "/v1/scores/H60/1999", {}),
    ("GET", "/v1/evaluations/99", {}),
    ("GET", "/v1/evaluations/3/diff?against=99", {}),
    ("GET", "/v1/reports/announcement?evaluation=99", {}),
    ("GET", "/v1/reports/counts?period=2026&under=H21", {}),
    ("GET", "/v1/reports/comparison?period=2024-07&layout=none", {}),
    ("GET", "/v1/values?as_of=yesterday", {}),
    ("GET", "/v1/tasks/99", {}),
    ("GET", "/v1/units", {"headers": {"Authorization": "Bearer none"}}),
    ("GET", "/v1/units", {"headers": {"If-None-Match": "*", "Chiso-Version": "999999"}}),
    ("GET", "/v1/nothing", {}),
    ("DELETE", "/livez", {}),
    ("GET", "/livez", {}),
    ("GET", "/openapi.json", {}),
)


def questions(contract: Contract) -> Iterator[Ask]:
    """Every read of the contract in every format that it has, and in Vietnamese."""
    for operation in contract.operations:
        if operation.method != "get" or not operation.path.startswith("/v1/"):
            continue
        taken = {each["name"] for each in operation.parameters("query")}
        formats = [None, *(sorted(formats_of(operation)))]
        for query, format in product(QUERIES.get(operation.path, ({},)), formats):
            asked = {name: value for name, value in query.items() if name in taken}
            asked |= {} if format is None else {"format": format}
            yield "GET", address(operation), {"params": asked}
        yield "GET", address(operation), {"params": asked, "headers": {"Accept-Language": "vi"}}


def formats_of(operation: Operation) -> set[str]:
    declared = (each["schema"] for each in operation.parameters("query") if each["name"] == "format")
    return {name for schema in declared for choice in schema["anyOf"] for name in choice.get("enum", ())}


def address(operation: Operation) -> str:
    """The address of an operation, with names in the place of its parameters."""

    def named(parameter: re.Match[str]) -> str:
        values = NAMES[parameter[1]]
        return next(value for begin, value in values.items() if operation.path.startswith(begin))

    return re.sub(r"\{(\w+)\}", named, operation.path)


@asynccontextmanager
async def demonstration() -> AsyncIterator[tuple[Client, Contract]]:
    """An admin's client of a service that holds the demonstration, and the service's contract."""
    with TemporaryDirectory(prefix="chiso-recorded-") as home:
        url = f"sqlite:///{Path(home) / 'chiso.db'}"
        settings = Settings(_env_file=None, database_url=url, bootstrap_key=BOOTSTRAP_KEY, anonymous_rate="")
        migrate(url)
        app = create_app(settings, now=lambda: to_instant(NOW))
        ship(app.state.database)
        load_demo(app.state.database)
        headers = {**bearer(BOOTSTRAP_KEY), "X-Request-Id": "recorded", "Accept-Encoding": "identity"}
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with Client(transport=transport, base_url="http://test", headers=headers) as client:
            yield client, Contract(app.openapi())
        app.state.database.dispose()


async def record(directory: Path) -> int:
    """Write every answer into the directory; how many there are."""
    directory.mkdir(parents=True)
    numbers = count(1)
    async with demonstration() as (client, contract):
        for method, path, sent in (*WRITES, *questions(contract), *REFUSED):
            answer = await client.request(method, path, **sent)
            asked = f"{method} {answer.request.url.raw_path.decode()}"
            headers = "".join(f"{name}: {value}\n" for name, value in sorted(answer.headers.items()))
            told = f"{asked} {sent.get('headers', {})}\n{answer.status_code}\n{headers}\n".encode()
            name = re.sub(r"[^\w.=-]+", "_", asked)[:120]
            (directory / f"{next(numbers):03} {answer.status_code} {name}").write_bytes(told + answer.content)
    return next(numbers) - 1


if __name__ == "__main__":
    print(asyncio.run(record(Path(sys.argv[1]))), "answers")  # noqa: T201
