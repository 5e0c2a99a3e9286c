"""`deploy/wheelhouse.py` writes down exactly what the lock names; `make test-install` really installs from it."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import pytest

from deploy.wheelhouse import LOCK, wanted, write_manifest

OTHERS = "colorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash=sha256:0\n"
LOCKED = f"alembic==1.20.1 \\\n    --hash=sha256:1\nwrapt==2.5.2 \\\n    --hash=sha256:2\n{OTHERS}"
WHEELS = ("alembic-1.20.1-py3-none-any.whl", "wrapt-2.5.2-py3-none-any.whl", "chiso-0.1.0-py3-none-any.whl")


def filled(folder: Path, names: Iterable[str]) -> Path:
    for name in names:
        (folder / name).write_bytes(name.encode())
    return folder


def test_a_wheelhouse_tells_pip_every_digest_and_its_carrier_every_file(tmp_path: Path) -> None:
    write_manifest(filled(tmp_path, WHEELS), LOCKED)

    digests = {name: sha256(name.encode()).hexdigest() for name in WHEELS}
    requirements = (tmp_path / "requirements.txt").read_text("utf-8")
    assert requirements == f"{LOCKED}chiso==0.1.0 --hash=sha256:{digests[WHEELS[2]]}\n"
    lines = [line.split("  ") for line in (tmp_path / "SHA256SUMS").read_text("utf-8").splitlines()]
    sums = {name: told for told, name in lines}
    assert sums == {**digests, "requirements.txt": sha256(requirements.encode()).hexdigest()}


@pytest.mark.parametrize(
    ("wheels", "said"),
    [
        (WHEELS[1:], r"missing: \[\('alembic', '1.20.1'\)\]"),
        (WHEELS[:2], r"own: \[\]"),
        ((*WHEELS, "colorama-0.4.6-py3-none-any.whl"), r"more than the lock names: \[\('colorama', '0.4.6'\)\]"),
        ((*WHEELS[1:], "alembic-1.20.2-py3-none-any.whl"), "missing: .*1.20.1.* more than .*1.20.2"),
    ],
)
def test_a_wheelhouse_that_holds_something_else_than_the_lock_names_is_refused(
    wheels: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=said):
        write_manifest(filled(tmp_path, wheels), LOCKED)

    assert not (tmp_path / "requirements.txt").exists()


def test_what_the_lock_names_for_this_machine_is_one_version_of_each() -> None:
    names = [name for name, _ in wanted(LOCK.read_text("utf-8"))]

    assert len(names) == len(set(names)) > 40
    assert {"fastapi", "uvicorn", "sqlalchemy"} <= set(names)
