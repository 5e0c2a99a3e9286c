"""What stands around the code agrees with it: settings, locks, image, targets, shipped assets, documents."""

import os
import re
import stat
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from app.config import Settings

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt")
DOCUMENTS = sorted(chain(ROOT.glob("*.md"), (ROOT / "docs").rglob("*.md")))
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def locked(path: str) -> dict[str, str]:
    """Name and condition of each locked package, with its version."""
    lines = re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==(\S+)( ; .*?)? \\$", read(path), flags=re.M)
    return {name + condition: version for name, version, condition in lines}


def test_every_setting_is_in_the_example_and_the_other_way_round() -> None:
    named = set(re.findall(r"^CHISO_(\w+)=", read(".env.example"), flags=re.M))

    assert named == {name.upper() for name in Settings.model_fields}


def test_the_example_states_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("CHISO_")]:
        monkeypatch.delenv(name)

    assert Settings(_env_file=ROOT / ".env.example") == Settings(_env_file=None)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str) -> None:
    assert re.findall(r"://|--(?:extra-)?index|--find-links|--trusted-host", read(lock)) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_in_a_lock_has_a_hash(lock: str) -> None:
    entries = re.split(r"\n(?=\S)", read(lock).strip())

    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize(("lock", "groups"), [("requirements.txt", []), ("requirements-dev.txt", ["dev"])])
def test_every_declared_dependency_is_locked(lock: str, groups: list[str]) -> None:
    project = tomllib.loads(read("pyproject.toml"))
    optional = chain.from_iterable(project["project"]["optional-dependencies"][group] for group in groups)
    declared = [*project["project"]["dependencies"], *project["dependency-groups"]["build"], *optional]
    names = {re.split(r"[\[<>=!~;]", entry)[0].lower().replace("_", "-") for entry in declared}

    assert names - {re.split(" ", name)[0] for name in locked(lock)} == set()


def test_tests_run_with_the_versions_that_are_served() -> None:
    served = locked("requirements.txt")
    tested = locked("requirements-dev.txt")

    assert served == {name: tested.get(name) for name in served}


def test_every_file_that_is_not_a_module_is_declared_as_data() -> None:
    patterns = tomllib.loads(read("pyproject.toml"))["tool"]["setuptools"]["package-data"]["app"]
    app = ROOT / "app"
    packaged = set(chain.from_iterable(app.glob(pattern) for pattern in patterns))
    modules = {path for path in app.rglob("*.py") if (path.parent / "__init__.py").exists()}
    files = {path for path in app.rglob("*") if path.is_file() and "__pycache__" not in path.parts}

    assert files - modules - packaged == set()


def test_the_image_copies_what_exists_and_is_let_in() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", read("Dockerfile"), flags=re.M)
    sources = set(chain.from_iterable(line.split() for line in copied))
    let_in = set(re.findall(r"^!(\S+)$", read(".dockerignore"), flags=re.M))

    assert sources <= let_in
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_both_stages_of_the_image_stand_on_one_python_pinned_by_its_digest() -> None:
    head, *stages = re.split(r"^FROM (?=\S+)", read("Dockerfile"), flags=re.M)
    pinned = re.fullmatch(
        r"python:(3\.\d+)-slim-bookworm@sha256:[0-9a-f]{64}", re.findall(r"^ARG PYTHON=(.*)$", head, re.M)[0]
    )

    assert [stage.split()[0] for stage in stages] == ["${PYTHON}"] * 2
    assert pinned is not None
    required = tomllib.loads(read("pyproject.toml"))["project"]["requires-python"]
    assert (required, f"--python-version {pinned[1]}" in read("Makefile")) == (f">={pinned[1]}", True)


def test_the_image_serves_as_an_ordinary_user_and_asks_itself_whether_it_lives() -> None:
    last_stage = read("Dockerfile").split("\nFROM ")[-1]
    user = re.findall(r"^USER (\S+)$", last_stage, flags=re.M)

    assert user == ["chiso"]
    assert re.search(r"^HEALTHCHECK .*(\\\n.*)*/livez", last_stage, flags=re.M)
    assert 'CMD ["chiso", "serve", "--host", "0.0.0.0"]' in last_stage
    assert "--require-hashes --no-deps" in read("Dockerfile")


def test_make_alone_explains_every_target() -> None:
    targets = re.search(r"^\.PHONY: (.+)$", read("Makefile"), flags=re.M)
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    explained = set(re.findall(r"^  make (\S+) +\S", shown, flags=re.M))

    assert targets is not None
    assert set(targets[1].split()) - {"env-file"} == explained


def test_the_build_server_runs_make_test() -> None:
    mode = (ROOT / ".ci/run").stat().st_mode

    assert mode & stat.S_IXUSR
    assert re.search(r"^make test\b", read(".ci/run"), flags=re.M)


def test_the_page_of_the_contract_is_shipped_and_draws_on_nothing_outside() -> None:
    shipped = ROOT / "app" / "static" / "docs"
    style = (shipped / "swagger-ui.css").read_text(encoding="utf-8")

    assert (shipped / "swagger-ui-bundle.js").stat().st_size > 1_000_000
    assert (shipped / "LICENSE").exists()
    assert re.findall(r"@import|url\((?![\"']?data:)", style) == []


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_why_what_follows_and_what_else_was_possible(decision: Path) -> None:
    headings = re.findall(r"^## (.+)$", decision.read_text(encoding="utf-8"), flags=re.M)

    assert headings == ["Context", "Decision", "Consequences", "Alternatives"]


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    assert DECISIONS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_points_only_at_files_that_exist(document: Path) -> None:
    links = re.findall(r"\]\((?!\w+:)([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))

    assert [link for link in links if not (document.parent / link).exists()] == []
