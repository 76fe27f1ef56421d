"""A team may take back what its owners leave alone, and check says after how many working days."""

from pathlib import Path

import pytest
from rich.console import Console

from bot.config import Config, canonical_text, describe
from tests.config.small import changed, load_text

_ZONE = "    time_zone: America/Chicago\n"


def neglected(days: str) -> str:
    return changed((_ZONE, f"{_ZONE}    neglected: {days}\n"))


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("{days_without_attempt: 3}", "austin 3 working days without a try to reach the borrower"),
        ("{days_without_reply: 2}", "austin 2 working days without an answer to a borrower who wrote"),
    ],
)
def test_check_says_when_a_lead_goes_back(tmp_path: Path, days: str, said: str) -> None:
    config = load_text(tmp_path, neglected(days))
    assert Config.model_validate_json(canonical_text(config)) == config
    console = Console(width=80, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(*describe(config))
    assert said in " ".join(capture.get().split())


def test_without_the_line_nothing_goes_back(tmp_path: Path) -> None:
    assert load_text(tmp_path, changed()).teams[0].neglected is None
