"""The script of docs/verify.md, as an outsider runs it against a service."""

import re
import subprocess
import sys
from pathlib import Path

import httpx

from tests.support.readme import KEY, served

DOCUMENT = Path(__file__).parent.parent / "docs" / "verify.md"
ORDER = {"framework": "qd766", "period": "2024-07", "levels": ["province"]}


def script() -> str:
    found = re.search(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def run(program: Path, address: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-I", str(program), address], capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_the_script_recomputes_both_digests_and_notices_another_byte(tmp_path: Path) -> None:
    program = tmp_path / "verify.py"
    program.write_text(script(), "utf-8")
    forged = tmp_path / "forged.py"
    forged.write_text(script().replace("return answer.read()", 'return answer.read().replace(b"81.77", b"91.77")'))

    with served(tmp_path) as address, httpx.Client(base_url=address) as client:
        client.headers["Authorization"] = f"Bearer {KEY}"
        done = client.post("/v1/evaluations", json=ORDER).raise_for_status().json()
        client.post(f"/v1/evaluations/{done['id']}/publish").raise_for_status()
        sound, differs = (run(each, f"{address}/v1/evaluations/{done['id']}") for each in (program, forged))

    assert sound.stdout.splitlines() == [
        f"digest agrees: {done['digest']}",
        f"letter_digest agrees: {done['letter_digest']}",
    ], sound.stderr
    assert (sound.returncode, differs.returncode) == (0, 1)
    assert differs.stdout.startswith("digest DIFFERS: ")


def test_the_script_has_at_most_thirty_lines() -> None:
    assert len(script().splitlines()) <= 30
