"""What a folder of wheels holds, written down for pip and for whoever carries it: `make wheelhouse` runs it.

python deploy/wheelhouse.py FOLDER

The folder must hold the wheels that the lock names for this machine, and that of chiso itself. It gets
`requirements.txt`, the lock with chiso added, whose digests pip demands, and `SHA256SUMS` of all that is in it.
"""

import re
import sys
from hashlib import sha256
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import parse_wheel_filename

LOCK = Path(__file__).parent.parent / "requirements.txt"
OURS = "chiso"
ENTRY = re.compile(r"^([a-z0-9-]+)(?:\[[^]]*\])?==(\S+)(?: ; (.+?))? \\$", flags=re.M)


def wanted(lock: str) -> set[tuple[str, str]]:
    """Name and version of each package that a lock names for this machine."""
    return {(name, version) for name, version, marker in ENTRY.findall(lock) if not marker or Marker(marker).evaluate()}


def write_manifest(folder: Path, lock: str) -> None:
    """Write what the folder holds into it; ValueError where that is not what the lock names, and chiso."""
    wheels = {parse_wheel_filename(path.name)[:2]: path for path in folder.glob("*.whl")}
    there = {(str(name), str(version)) for name, version in wheels}
    own = {(name, version) for name, version in there if name == OURS}
    missing, more = wanted(lock) - there, there - own - wanted(lock)
    if missing or more or len(own) != 1:
        raise ValueError(f"missing: {sorted(missing)}; more than the lock names: {sorted(more)}; own: {sorted(own)}")
    [version] = (version for _, version in own)
    [wheel] = folder.glob(f"{OURS}-*.whl")
    (folder / "requirements.txt").write_text(f"{lock}{OURS}=={version} --hash=sha256:{digest(wheel)}\n", "utf-8")
    lines = [f"{digest(path)}  {path.name}\n" for path in sorted(folder.iterdir()) if path.name != "SHA256SUMS"]
    (folder / "SHA256SUMS").write_text("".join(lines), "utf-8")


def digest(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    try:
        write_manifest(Path(sys.argv[1]), LOCK.read_text("utf-8"))
    except ValueError as error:
        sys.exit(f"{sys.argv[1]} does not hold what the lock names; {error}")
