"""The wheel holds all that Leadbell needs: installed into an empty folder, it checks a config and shows the demo."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.doubles.demos import ROOT, a_demo
from tests.doubles.waiting import PATIENCE

KEYS = {f"LEADBELL_KEY_{name}": "a-long-random-word" for name in ("WEBSITE", "ZILLOW", "LENDINGTREE", "PARTNER")}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=PATIENCE)
    return next(folder.glob("leadbell-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(folder), str(wheel)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    return folder


def test_everything_that_is_read_at_run_time_is_inside(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        inside = set(opened.namelist())
    data = [path for path in (ROOT / "bot").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert {path.relative_to(ROOT).as_posix() for path in data} <= inside
    assert {f"bot/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "messages").rglob("*.*")} <= inside
    assert {"bot/leadbell.example.yaml", "bot/slack-manifest.yaml"} <= inside
    assert [name for name in inside if not name.startswith(("bot/", "leadbell-"))] == []


def test_the_installed_command_checks_the_example(installed: Path, tmp_path: Path) -> None:
    environment = {**os.environ, **KEYS, "PYTHONPATH": str(installed), "LEADBELL_CONFIG": str(installed / "bot/leadbell.example.yaml")}
    told = subprocess.check_output([installed / "bin/leadbell", "check"], cwd=tmp_path, env=environment, text=True, timeout=PATIENCE)
    assert "Acme Mortgage" in told
    assert told.endswith("/bot/leadbell.example.yaml is fine.\n")


def test_the_installed_demo_shows_a_lead_and_its_page_and_ends_on_control_c(installed: Path, tmp_path: Path) -> None:
    with a_demo(tmp_path, installed) as demo:
        demo.start()
        assert demo.card_of(demo.send_lead(first_name="Nora", phone="(512) 555-0100", loan_purpose="purchase"))["text"]
        assert "You are" in demo.text(demo.page)
        assert demo.end()[0] == 0  # how soon is proved beside the checkout's demo
        assert demo.sandbox_process is None
