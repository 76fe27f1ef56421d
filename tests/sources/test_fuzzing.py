"""The readers hold against inputs that are found by what the code does with them; `tests/sources/fuzzing.py` looks for longer."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris has no wheel for this Python or this machine")
def test_every_reader_gives_leads_or_refuses_whatever_coverage_finds(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.sources.fuzzing", "all", "--runs", "300", "--seed", "1", "--folder", str(tmp_path)]

    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr[-4000:]
    assert "Done 300 runs" in ran.stderr
