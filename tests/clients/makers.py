"""Clients made of the contract by the generators that integrators use: installed, generated, compiled and run."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / "clients"
CONTRACT = "../../openapi/clients.json"
VENV = CLIENTS / "python" / "build" / "venv" / "bin"
JAVA = ["--model-name-mappings", "from=FromPeriod"]
"""`from` is a word of Python; it is the name of a parameter, for ever."""
KNOWN = re.compile(
    r".*(OpenAPI 3\.1 support is still in beta"  # openapi-generator says so of every document
    r"|Failed to get the schema name: null).*"  # and this of a union of plain types, which it then makes rightly
)
OUT_OF_REACH = re.compile(r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT")


class RegistryError(Exception):
    """What a client is made with cannot be installed here: there is no way to its registry."""


@dataclass(frozen=True)
class Maker:
    """One generator: the folder of its program and lock, its commands there, and the programs that they need."""

    name: str
    folder: str
    generate: Sequence[str]
    compile: Sequence[str]
    run: Sequence[str]
    needs: tuple[str, ...] = ("node", "npm")

    @property
    def home(self) -> Path:
        return CLIENTS / self.folder

    def missing(self) -> list[str]:
        """The programs that this machine lacks."""
        return [each for each in self.needs if shutil.which(each) is None]

    def make(self) -> None:
        """Install what is locked, generate without a warning, and compile strictly."""
        shutil.rmtree(self.home / "build" / self.name, ignore_errors=True)
        (npm_install if "npm" in self.needs else pip_install)(self.home)
        said = told(self.generate, self.home)
        warned = [line for line in said.splitlines() if re.search(r"\bwarn", line, re.IGNORECASE)]
        warned = [line for line in warned if not KNOWN.fullmatch(line)]
        assert not warned, "\n".join(warned)
        told(self.compile, self.home)

    def speak(self, address: str, key: str) -> None:
        """Run the program against a service."""
        told(self.run, self.home, {"CHISO_URL": address, "CHISO_KEY": key})


def of_typescript(name: str, *generate: str, needs: tuple[str, ...] = ("node", "npm")) -> Maker:
    """A generator whose program stands in clients/typescript under its name."""
    compiled = f"build/compiled/typescript/{name}.js"
    compile = ("npx", "tsc", "--project", f"{name}.tsconfig.json")
    return Maker(name, "typescript", generate, compile, ("node", compiled), needs)


def of_python(name: str, package: str, *generate: str, own: str = "--strict", needs: tuple[str, ...] = ()) -> Maker:
    """A generator whose program stands in clients/python under its name; its package is made in build/.

    The program is held to `--strict`, and the package to its `own` options.
    """
    mypy = f"MYPYPATH=build/{name} mypy --config-file= --cache-dir build/mypy"
    program = f"{mypy} --strict --allow-untyped-calls --implicit-reexport --follow-imports silent {name}.py"
    compile = ("sh", "-c", f"{mypy} {own} -p {package} && {program}")
    return Maker(name, "python", generate, compile, ("sh", "-c", f"PYTHONPATH=build/{name} python {name}.py"), needs)


def java(generator: str, name: str, *options: str) -> tuple[str, ...]:
    return (
        "openapi-generator-cli",
        "generate",
        "-i",
        CONTRACT,
        "-g",
        generator,
        "-o",
        f"build/{name}",
        *JAVA,
        *options,
    )


SHORT = Maker(
    "openapi_fetch",
    "openapi-fetch",
    ("npx", "openapi-typescript", CONTRACT, "--output", "build/clients.ts"),
    ("npx", "tsc", "--project", "tsconfig.json"),
    ("node", "build/compiled/openapi-fetch/program.js"),
)
"""The quickest of them, which `make test` makes as well."""

MAKERS = (
    SHORT,
    of_python(
        "openapi_python_client",
        "chiso_client",
        *("openapi-python-client", "generate", "--path", CONTRACT, "--meta", "none"),
        *("--output-path", "build/openapi_python_client/chiso_client", "--overwrite"),
    ),
    of_python(
        "openapi_generator",
        "chiso_api",
        *java("python", "openapi_generator", "--package-name", "chiso_api"),
        own="--check-untyped-defs --disable-error-code union-attr",  # its templates leave much without types
        needs=("java",),
    ),
    of_typescript("hey_api", "npx", "openapi-ts", "-i", CONTRACT, "-o", "build/hey_api", "-c", "@hey-api/client-fetch"),
    of_typescript("orval", "npx", "orval", "--config", "./orval.config.js"),
    of_typescript("typescript_fetch", *java("typescript-fetch", "typescript_fetch"), needs=("node", "npm", "java")),
)


def linted() -> Iterator[str]:
    """Hold both documents against the linters of OpenAPI; yields the name of each that found nothing."""
    home = CLIENTS / "typescript"
    npm_install(home)
    for linter in ("redocly lint --format=stylish", "spectral lint --fail-severity=hint"):
        for contract in ("../../openapi/openapi.json", CONTRACT):
            said = told(["npx", *linter.split(), contract], home, {"REDOCLY_TELEMETRY": "off"})
            assert "warning" not in said.replace("Deprecation warning", ""), said
        yield linter.partition(" ")[0]


def npm_install(home: Path) -> None:
    """What the lock names, unless it is there; RegistryError where the registry is."""
    if (home / "node_modules" / ".package-lock.json").exists():
        return
    try:
        told(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retry-mintimeout=1000"], home)
    except AssertionError as failure:
        if OUT_OF_REACH.search(str(failure)):
            raise RegistryError(str(failure)) from None
        raise


def pip_install(home: Path) -> None:
    """What the lock names in an environment of its own, for generators want other versions than the service."""
    if (home / "build" / "installed").exists():
        return
    told([sys.executable, "-m", "venv", "--clear", str(home / "build" / "venv")], home)
    pip = [str(VENV / "python"), "-m", "pip", "install", "-q", "--require-hashes", "--no-deps"]
    told([*pip, "-r", "requirements.txt"], home)
    (home / "build" / "installed").touch()


def told(command: Sequence[str], home: Path, settings: Mapping[str, str] | None = None) -> str:
    """All that a command says; AssertionError with it where it fails."""
    path = os.pathsep.join([str(VENV), os.environ["PATH"]])
    environment = {**os.environ, "NO_COLOR": "1", "PATH": path, **(settings or {})}
    done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, f"{' '.join(command)}\n{said[-10_000:]}"
    return said
