"""What stands in `deploy/` agrees with the settings, with the manual and with what systemd and nginx understand."""

import http.client
import json
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml

from app.config import Settings

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNITS = ("chiso.service", "chiso-backup.service", "chiso-backup.timer")
USUAL = Settings(_env_file=None, bootstrap_key=None)
MANUAL = (ROOT / "docs" / "operations.md").read_text("utf-8")


def read(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(read("compose.yaml"))
    return document


def seconds(text: str) -> int:
    return int(text) * 60 if text.endswith("min") else int(text.removesuffix("s"))


def unit(name: str) -> dict[str, list[str]]:
    """The settings of a unit, each with all its values."""
    found: dict[str, list[str]] = {}
    for key, value in re.findall(r"^(\w+)=(.*)$", read(name), flags=re.M):
        found.setdefault(key, []).append(value)
    return found


def directive(name: str) -> str:
    """The one value of a directive of nginx."""
    [value] = re.findall(rf"^\s*{name}\s+([^;]+);", read("nginx.conf"), flags=re.M)
    return str(value)


def test_every_setting_that_is_named_in_deploy_is_one() -> None:
    for path in DEPLOY.iterdir():
        if path.is_file():
            named = set(re.findall(r"CHISO_([A-Z_]+)", path.read_text("utf-8")))
            assert {name.lower() for name in named} <= set(Settings.model_fields), path.name


def test_a_service_manager_waits_longer_than_the_service_takes_to_stop() -> None:
    assert seconds(unit("chiso.service")["TimeoutStopSec"][0]) > USUAL.stop_seconds
    assert seconds(compose()["services"]["chiso"]["stop_grace_period"]) > USUAL.stop_seconds


def test_a_service_with_several_processes_is_told_once_to_stop() -> None:
    service = unit("chiso.service")

    assert "--workers 2" in service["ExecStart"][0]
    assert service["KillMode"] == ["mixed"]


@pytest.mark.parametrize("name", ["chiso.service", "chiso-backup.service"])
def test_a_unit_gives_no_right_that_it_does_not_need(name: str) -> None:
    found = {key: values[0] for key, values in unit(name).items()}

    assert (found["User"], found["CapabilityBoundingSet"], found["NoNewPrivileges"]) == ("chiso", "", "yes")
    assert (found["ProtectSystem"], found["PrivateTmp"], found["StateDirectory"]) == ("strict", "yes", "chiso")
    assert found["SystemCallFilter"] == "@system-service"


def test_systemd_understands_the_units_and_finds_little_that_they_could_do(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here; the units are only read")
    for name in UNITS:
        (tmp_path / name).write_text(read(name).replace("/opt/chiso/bin/chiso", "/bin/true"), "utf-8")
    paths = [str(tmp_path / name) for name in UNITS]

    verified = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True)
    exposed = [
        subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--threshold=20", path], capture_output=True, text=True
        )
        for path in paths[:2]
    ]

    assert (verified.returncode, [line for line in verified.stderr.splitlines() if "chiso" in line]) == (0, [])
    assert [done.returncode for done in exposed] == [0, 0], exposed


def test_old_backups_go_only_after_the_new_one_was_read_back_and_all_was_looked_at() -> None:
    backup = unit("chiso-backup.service")

    assert (" backup " in backup["ExecStart"][0], backup["ExecStart"][1][-7:]) == (True, " doctor")
    assert backup["ExecStartPost"][0].startswith("/usr/bin/find /var/backups/chiso ")
    days = re.search(r"-mtime \+(\d+) -delete", backup["ExecStartPost"][0])
    assert days is not None
    assert f"older than {days[1]} days" in MANUAL
    assert re.search(r"OnCalendar=.* 01:30", read("chiso-backup.timer"))


def test_containers_hold_no_password_and_wait_for_each_other() -> None:
    services, secrets = compose()["services"], compose()["secrets"]

    assert set(services) == {"database", "chiso", "nginx"}
    assert all("healthcheck" in services[name] for name in ("database", "nginx"))
    assert "--host=127.0.0.1" in services["database"]["healthcheck"]["test"]
    assert services["chiso"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert services["nginx"]["depends_on"] == {"chiso": {"condition": "service_healthy"}}
    assert {secret for service in services.values() for secret in service.get("secrets", [])} == set(secrets)
    assert all(Path(secret["file"]).parent == Path("secrets") for secret in secrets.values())
    assert re.findall(r"(?i)password: *\S|://\w+:[^@\s]+@", read("compose.yaml")) == []
    volumes = [volume.split(":")[0] for service in services.values() for volume in service["volumes"]]
    assert {volume for volume in volumes if not volume.startswith(".")} == set(compose()["volumes"])
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]


def test_the_service_believes_the_network_of_the_proxy_alone() -> None:
    document = compose()
    chiso, front = document["services"]["chiso"], document["networks"]["front"]

    assert chiso["environment"]["FORWARDED_ALLOW_IPS"] == front["ipam"]["config"][0]["subnet"]
    assert document["services"]["nginx"]["networks"] == ["front"]
    assert document["services"]["database"]["networks"] == ["back"]
    assert directive("proxy_set_header X-Forwarded-For") == "$remote_addr"


def test_the_limits_of_nginx_lie_just_outside_those_of_the_service() -> None:
    body = int(directive("client_max_body_size"))

    assert USUAL.max_import_bytes < body < 1.1 * USUAL.max_import_bytes
    for name in ("client_header_timeout", "client_body_timeout", "send_timeout"):
        assert seconds(directive(name)) == USUAL.client_seconds
    assert seconds(directive("proxy_read_timeout")) == USUAL.statement_seconds
    assert seconds(directive("keepalive_timeout")) < 5  # of uvicorn, which closes an idle connection then
    rate = re.search(r"rate=(\d+)r/s;", read("nginx.conf"))
    assert rate is not None
    assert int(rate[1]) * 60 > int(USUAL.anonymous_rate.removesuffix("/minute"))


def test_the_health_check_of_the_image_is_the_one_that_the_manual_tells_of() -> None:
    checked = re.search(r"^HEALTHCHECK .*(?:\\\n.*)*?8000(/\w+)'", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.M)
    told = re.search(r"`HEALTHCHECK` of the image asks `(/\w+)`", MANUAL)
    restart = re.search(r"`GET (/\w+)`: the process lives. Restart it when this fails, and only then", MANUAL)

    assert checked is not None
    assert told is not None
    assert restart is not None
    assert checked[1] == told[1] == restart[1]


@pytest.fixture
def nginx() -> Iterator[list[str]]:
    """The command with the shipped file, its service away, all addresses sockets of a folder of its own."""
    found = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if found is None or shutil.which("openssl") is None:
        pytest.skip("nginx or openssl is not here; its file is only read")
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=chiso.example.vn"]
    with TemporaryDirectory() as home:
        subprocess.run(
            [*make, "-keyout", f"{home}/privkey.pem", "-out", f"{home}/fullchain.pem"], check=True, capture_output=True
        )
        block = (
            read("nginx.conf").replace("/etc/nginx/tls", home).replace("server chiso:8000", f"server unix:{home}/away")
        )
        block = block.replace("listen 80;", f"listen unix:{home}/plain;").replace(
            "listen 443", f"listen unix:{home}/tls"
        )
        text = f"daemon off;\npid {home}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{block}\n}}\n"
        Path(home, "nginx.conf").write_text(text, "utf-8")
        yield [found, "-c", f"{home}/nginx.conf", "-e", f"{home}/errors"]


def test_nginx_understands_its_file(nginx: list[str]) -> None:
    tested = subprocess.run([*nginx, "-t"], capture_output=True, text=True)

    assert tested.returncode == 0, tested.stderr
    assert "warn" not in tested.stderr


def answer_of(listening: Path, method: str, path: str, **headers: str) -> tuple[Mapping[str, str], dict[str, Any]]:
    """What nginx answers to a head alone, with its status among the headers, and its body."""
    with socket.socket(socket.AF_UNIX) as plain:
        plain.connect(str(listening))
        with ssl._create_unverified_context().wrap_socket(plain) as secure:
            connection = http.client.HTTPConnection("chiso.example.vn")
            connection.sock = secure
            connection.request(method, path, headers=headers)
            response = connection.getresponse()
            return {
                **{name.lower(): value for name, value in response.getheaders()},
                "status": str(response.status),
            }, json.loads(response.read())


def test_what_nginx_refuses_itself_are_problems(nginx: list[str]) -> None:
    listening = Path(nginx[2]).with_name("tls")
    process = subprocess.Popen(nginx)
    try:
        while not listening.exists():
            assert process.poll() is None
            time.sleep(0.05)
        large, refused = answer_of(listening, "POST", "/v1/imports", **{"Content-Length": "200000000"})
        away, unanswered = answer_of(listening, "GET", "/v1/units")
    finally:
        process.terminate()
        process.wait(10)

    assert (large["status"], refused["status"], refused["code"]) == ("413", 413, "body_too_large")
    assert (away["status"], unanswered["status"], unanswered["code"]) == ("503", 503, "service_away")
    assert {each["content-type"] for each in (large, away)} == {"application/problem+json"}
    assert away["retry-after"]
    assert away["strict-transport-security"]
