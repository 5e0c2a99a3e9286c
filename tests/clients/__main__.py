"""`python -m tests.clients [NAME …]`: every generator of clients, or those named, against a service of its own."""

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.clients.makers import MAKERS, Maker, linted, pip_install
from tests.support.served_process import SECRET, serving


def main(names: Sequence[str]) -> int:
    """Make and run them; the number of those that could not be made, or whose program was answered otherwise."""
    chosen = [each for each in MAKERS if not names or each.name in names]
    failed = [] if names else [each for each in [lint_failure()] if each]
    with TemporaryDirectory(prefix="chiso-clients-") as home, serving(Path(home), "--demo") as service:
        for maker in chosen:
            if missing := maker.missing():
                print(f"{maker.name}: skipped, for there is no {' and no '.join(missing)} here", flush=True)
            elif failure := failure_of(maker, service.address):
                failed.append(failure)
    return len(failed)


def lint_failure() -> str | None:
    try:
        for linter in linted():
            print(f"{linter}: finds nothing", flush=True)
    except AssertionError as failure:
        print(failure, flush=True)
        return str(failure)
    return None


def failure_of(maker: Maker, address: str) -> str | None:
    """What went wrong with a client, printed as well."""
    try:
        if "java" in maker.needs:
            pip_install(maker.home.parent / "python")
        maker.make()
        maker.speak(address, SECRET)
    except AssertionError as failure:
        print(f"{maker.name}: {failure}", flush=True)
        return maker.name
    print(f"{maker.name}: generated, compiled and answered", flush=True)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
