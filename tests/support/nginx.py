"""A real nginx before a service, with the locations that a test gives it."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@contextmanager
def proxied(locations: str) -> Iterator[str]:
    """The address of an nginx with these locations; the test is skipped where none is installed."""
    found = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if found is None:
        pytest.skip("nginx is not here: nothing was sent through a proxy")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with TemporaryDirectory() as home:
        Path(home).chmod(0o755)  # the workers of a root's nginx are another user
        own = "\n".join(f"{name}_temp_path {home}/{name};" for name in TEMPORARY)
        http = f"access_log off;\n{own}\nserver {{ listen 127.0.0.1:{port};\n{locations}\n}}"
        Path(home, "nginx.conf").write_text(f"daemon off;\npid {home}/pid;\nevents {{}}\nhttp {{\n{http}\n}}\n")
        process = subprocess.Popen([found, "-c", f"{home}/nginx.conf", "-e", f"{home}/errors"])
        try:
            wait_for(process, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(60)


def wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Until it listens."""
    while process.poll() is None:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx has ended")
