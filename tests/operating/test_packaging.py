"""The container, the compose file and the systemd unit name only what there is, run without root, and hold no secret."""

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from zipfile import ZipFile

import pytest
from ruamel.yaml import YAML
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bot.settings import Settings
from tests.doubles.ports import free_port
from tests.doubles.waiting import PATIENCE
from tests.house.readme import ROOT

# There is no Docker in the tests: the files are read, and each command in them that is ours is tried.
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
INSTRUCTIONS = [tuple(line.split(maxsplit=1)) for line in DOCKERFILE.splitlines() if line and not line.startswith("#")]
SECRETS = r"xox[a-z]-|xapp-|AC[0-9a-f]{32}|(?i:password|token|secret)\s*[=:]\s*[\w]{6}"
SETTINGS = {str(field.validation_alias) for field in Settings.model_fields.values()}


def arguments(instruction: str) -> list[str]:
    return [rest for name, rest in INSTRUCTIONS if name == instruction]


def copied() -> list[str]:
    """What the image takes from the checkout."""
    return [source for rest in arguments("COPY") if "--from" not in rest for source in rest.split()[:-1]]


def test_what_the_image_copies_exists_and_reaches_the_builder() -> None:
    let_through = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert sorted(copied()) == sorted(let_through)
    assert [name for name in copied() if not (ROOT / name).exists()] == []
    assert not any(fnmatch("leadbell.env", name) for name in let_through)


@pytest.mark.fault(91)
def test_packages_are_checked_by_hash_and_the_process_is_not_root() -> None:
    assert [rest for rest in arguments("RUN") if "pip install" in rest and "--require-hashes -r requirements.lock" not in rest] == []
    assert arguments("USER") == ["leadbell"]
    assert [name for name, _ in INSTRUCTIONS].index("USER") < [name for name, _ in INSTRUCTIONS].index("ENTRYPOINT")


def a_package(folder: Path) -> str:
    """A package named tiny, with nothing in it, made in the folder; its sha256."""
    wheel = folder / "tiny-1.0-py3-none-any.whl"
    about = "tiny-1.0.dist-info"
    files = {
        "tiny.py": "",
        f"{about}/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": f"tiny.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n",
    }
    with ZipFile(wheel, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return sha256(wheel.read_bytes()).hexdigest()


def installing_commands() -> list[list[str]]:
    """How the Makefile and the Dockerfile call pip, up to the name of the lock file."""
    [by_make] = re.findall(r"^INSTALL := \$\(RUN\) -m (pip install .*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    [by_docker] = [found for rest in arguments("RUN") for found in re.findall(r"\bpip install .* -r(?= requirements)", rest)]
    return [by_make.split(), by_docker.split()]


@pytest.mark.fault(91)
@pytest.mark.parametrize("command", installing_commands(), ids=["make", "docker"])
@pytest.mark.parametrize(
    "line", ["tiny==1.0 --hash=sha256:{right}", "tiny==1.0 --hash=sha256:{wrong}", "tiny==1.0"], ids=["right", "wrong", "none"]
)
def test_a_package_is_installed_only_under_its_own_hash(command: list[str], line: str, tmp_path: Path) -> None:
    right = a_package(tmp_path)
    lock = tmp_path / "requirements.lock"
    lock.write_text(line.format(right=right, wrong=sha256(b"another").hexdigest()))
    nowhere_else = ["--no-index", "--no-cache-dir", "--find-links", str(tmp_path), "--target", str(tmp_path / "there")]
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PIP_CONFIG_FILE": os.devnull}

    ended = subprocess.run(
        [sys.executable, "-m", *command, str(lock), *nowhere_else], env=environment, capture_output=True, text=True, timeout=PATIENCE
    )

    is_right = right in line.format(right=right, wrong="")
    assert (ended.returncode == 0, (tmp_path / "there/tiny.py").exists()) == (is_right, is_right), ended.stderr
    assert is_right or "hash" in ended.stderr.lower()


@pytest.mark.fault(91)
@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_each_package_of_a_lock_file_has_its_hash(lock: str) -> None:
    entries = [line for line in (ROOT / lock).read_text().replace("\\\n", " ").splitlines() if line.strip() and not line.startswith("#")]
    assert len(entries) > 10
    assert [
        entry for entry in entries if not re.fullmatch(r"[\w.\[\],-]+==[^ ]+( ; [^#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", entry)
    ] == []


def test_the_image_holds_all_that_the_command_reads(tmp_path: Path) -> None:
    for name in copied():
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    for command in ("demo", "run", "init"):
        [entry] = arguments("ENTRYPOINT")
        line = [sys.executable, *json.loads(entry)[1:], command, "--help"]
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path)}
        assert subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, timeout=PATIENCE).returncode == 0
    assert json.loads(arguments("CMD")[0]) == ["run"]


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_the_health_check_asks_leadbell_on_its_own_port(status: int, healthy: bool) -> None:
    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    [check] = arguments("HEALTHCHECK")
    command = json.loads(check.partition("CMD ")[2])
    server = HTTPServer(("127.0.0.1", free_port()), Door)
    Thread(target=server.serve_forever, daemon=True).start()
    environment = {**os.environ, "LEADBELL_PORT": str(server.server_port)}
    ended = subprocess.run([sys.executable, *command[1:]], env=environment, capture_output=True, timeout=PATIENCE)
    server.shutdown()
    server.server_close()
    assert (ended.returncode == 0) is healthy


def test_compose_runs_the_image_on_postgresql_with_settings_that_exist() -> None:
    services = YAML(typ="safe").load((ROOT / "compose.yaml").read_text())["services"]
    leadbell = services["leadbell"]
    assert set(leadbell["environment"]) <= {*SETTINGS, "FORWARDED_ALLOW_IPS"}
    assert leadbell["environment"]["LEADBELL_DATABASE_URL"].startswith("postgresql://leadbell:${POSTGRES_PASSWORD}@database/leadbell")
    assert leadbell["ports"] == ["127.0.0.1:8080:8080"]
    assert leadbell["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert "healthcheck" in services["database"]


@pytest.mark.parametrize("bridge", ["172.18.0.1", "192.168.16.1", "10.20.0.1"])
async def test_behind_the_published_port_each_visitor_has_the_address_that_the_proxy_saw(bridge: str) -> None:
    heard: list[str] = []

    async def app(scope: Any, *_: Any) -> None:
        heard.append(scope["client"][0])

    leadbell = YAML(typ="safe").load((ROOT / "compose.yaml").read_text())["services"]["leadbell"]
    believing: Any = ProxyHeadersMiddleware(app, trusted_hosts=leadbell["environment"]["FORWARDED_ALLOW_IPS"])
    for invented_and_seen in (b"203.0.113.9", b"198.51.100.1, 203.0.113.9"):
        scope = {"type": "http", "scheme": "http", "client": (bridge, 40000), "headers": [(b"x-forwarded-for", invented_and_seen)]}
        await believing(scope, None, None)
    await believing(
        {"type": "http", "scheme": "http", "client": ("203.0.113.7", 1), "headers": [(b"x-forwarded-for", b"1.1.1.1")]}, None, None
    )

    assert heard == ["203.0.113.9", "203.0.113.9", "203.0.113.7"]
    assert [port.partition(":")[0] for port in leadbell["ports"]] == ["127.0.0.1"]


def test_the_unit_starts_and_reloads_leadbell_without_root() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(ROOT / "deploy/leadbell.service")
    service = unit["Service"]
    assert service["ExecStart"].endswith("/.venv/bin/python -m bot run")
    assert service["ExecReload"] == "/bin/kill -HUP $MAINPID"
    assert (service["User"], service["NoNewPrivileges"], service["Restart"]) == ("leadbell", "yes", "always")


@pytest.mark.parametrize("name", ["Dockerfile", ".dockerignore", "compose.yaml", "deploy/leadbell.service"])
def test_no_secret_stands_in_them(name: str) -> None:
    assert re.findall(SECRETS, (ROOT / name).read_text()) == []
