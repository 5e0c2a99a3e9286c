"""An install from `wheelhouse/` on a host that reaches no package index: `make test-install` runs it, not `make test`.

pip is kept from every index and from its own settings, and whatever it asked for would go to a proxy that is not there.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx

from tests.support.served_process import until

ROOT = Path(__file__).parent.parent
WHEELS = ROOT / "wheelhouse"
NOWHERE = "http://127.0.0.1:9"
HOW = re.compile(r"^# /opt/chiso/bin/pip (install .*)$", flags=re.M)


def offline(home: Path) -> dict[str, str]:
    """An environment without settings of pip, of Python and of chiso, in which the way out leads nowhere."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    ways_out = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), NOWHERE)
    return {**kept, **ways_out, "HOME": str(home), "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1"}


def test_what_the_wheelhouse_holds_is_installed_without_an_index_and_serves(tmp_path: Path) -> None:
    environment = offline(tmp_path)

    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    (tmp_path / "wheelhouse").symlink_to(WHEELS)
    subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=WHEELS, check=True)
    run(sys.executable, "-m", "venv", "venv")
    [words] = HOW.findall((ROOT / "docs/operations.md").read_text("utf-8"))
    run("venv/bin/pip", *words.split())
    chiso = str(tmp_path / "venv/bin/chiso")
    said, made = run(chiso, "--version"), run(chiso, "migrate", "--new")

    assert said.startswith("chiso ")
    assert made == f"The database at {tmp_path / 'chiso.db'} is current.\n"
    log = tmp_path / "log"
    with log.open("wb") as into:
        serve = [chiso, "serve", "--port", "0"]
        process = subprocess.Popen(serve, cwd=tmp_path, env=environment, stdout=into, stderr=into)
    try:
        address = until(lambda: re.search(r"chiso serves (http://127\.0\.0\.1:\d+)", log.read_text("utf-8")), process)[
            1
        ]
        with httpx.Client(base_url=address, trust_env=False) as client:
            answers = [client.get(path).status_code for path in ("/livez", "/readyz", "/", "/docs", "/v1/frameworks")]
        assert answers == [200] * 5
        found = "import app, sys; print(app.__file__)"
        assert str(tmp_path) in run(str(tmp_path / "venv/bin/python"), "-c", found)
    finally:
        process.terminate()
        assert process.wait(60) == 0
