"""The programs of docs/clients.md send a month, are started again, and are told what to mend; others read it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from app.config import Settings
from app.main import create_app
from tests.support.clients_document import COMMUNES, DOCUMENT, MONTH, program, with_communes
from tests.support.contract import Contract
from tests.support.readme import KEY

WAYS = {"bash": ("monthly.sh", ["bash"]), "python": ("monthly.py", [sys.executable])}
WRONG = MONTH.replace("81,77", "81,O7")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with with_communes(tmp_path_factory.mktemp("clients")) as client:
        yield client


def run(client: httpx.Client, command: Sequence[str], home: Path) -> "subprocess.CompletedProcess[str]":
    """A program with the address and the key of the service."""
    own = {"CHISO_URL": str(client.base_url).rstrip("/"), "CHISO_KEY": KEY}
    return subprocess.run(command, cwd=home, env={**os.environ, **own}, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize(("language", "period"), [("bash", "2024-03"), ("python", "2024-04")])
def test_a_month_is_stored_once_however_often_the_script_runs(
    client: httpx.Client, tmp_path: Path, language: str, period: str
) -> None:
    name, starter = WAYS[language]
    if language == "bash" and not (shutil.which("bash") and shutil.which("curl")):
        pytest.skip("bash or curl is not here: the script was not run")
    (tmp_path / name).write_text(program(language), "utf-8")
    (tmp_path / "month.csv").write_text(MONTH, "utf-8")
    (tmp_path / "wrong.csv").write_text(WRONG, "utf-8")

    wrong = run(client, [*starter, name, "wrong.csv", period, "H60", "commune"], tmp_path)
    first = run(client, [*starter, name, "month.csv", period, "H60", "commune"], tmp_path)
    again = run(client, [*starter, name, "month.csv", period, "H60", "commune"], tmp_path)
    drafts = client.get("/v1/evaluations", params={"period": period}).json()["items"]

    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "81,O7" in wrong.stderr
    assert '"code":"number_invalid"' in wrong.stderr.replace(" ", "")
    assert (first.returncode, first.stderr) == (0, "")
    assert re.fullmatch(r"import \S+: 4 new, 0 changed, 0 as before\ndraft \d+\n", first.stdout)
    assert (again.returncode, again.stdout) == (0, first.stdout)
    assert [(each["id"], each["status"]) for each in drafts] == [(int(first.stdout.split()[-1]), "draft")]


def with_scores(client: httpx.Client) -> None:
    query = {"period": "2024-08", "source": "provincial_system", "locale": "vi"}
    answer = client.post("/v1/imports", params=query, headers={"Content-Type": "text/csv"}, content=MONTH.encode())
    assert answer.status_code == 200


def test_the_call_in_java_prints_the_ranking(client: httpx.Client, tmp_path: Path) -> None:
    if shutil.which("java") is None or shutil.which("javac") is None:
        pytest.skip("no Java is here: its call was held against the contract alone")
    with_scores(client)
    (tmp_path / "Scores.java").write_text(program("java"), "utf-8")

    done = run(client, ["java", "-Dstdout.encoding=UTF-8", "-Xint", "Scores.java"], tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert all(name in done.stdout for name in COMMUNES.values())


def test_the_call_in_csharp_prints_the_ranking(client: httpx.Client, tmp_path: Path) -> None:
    if shutil.which("dotnet") is None:
        pytest.skip("no .NET is here: its call was held against the contract alone")
    with_scores(client)
    run(client, ["dotnet", "new", "console", "--output", "scores"], tmp_path)
    (tmp_path / "scores" / "Program.cs").write_text(program("csharp"), "utf-8")

    done = run(client, ["dotnet", "run"], tmp_path / "scores")

    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in COMMUNES.values())


def test_every_path_and_parameter_that_the_programs_name_is_in_the_contract() -> None:
    contract = Contract(create_app(Settings(_env_file=None, database_url="sqlite:///not-opened.db")).openapi())
    code = "\n".join(re.findall(r"^```\w+\n(.*?)^```$", DOCUMENT, flags=re.M | re.S))
    named = re.findall(r"(/v1/[^\s\"'`?)]+)(?:\?([^\s\"'`)]*))?", code)
    unknown = []

    for path, query in named:
        sample = re.sub(r"\$?[{(][^})/]*[})]?", "x1", path)
        operations = [each for method in ("GET", "POST") if (each := contract.find(method, sample))]
        parameters = {each["name"] for operation in operations for each in operation.parameters("query")}
        asked = {part.partition("=")[0] for part in query.split("&") if "=" in part}
        unknown += [path] * (not operations) + sorted(asked - parameters)

    assert len(named) >= 8
    assert unknown == []
