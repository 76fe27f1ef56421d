"""The block recording: words in both languages that say so, and a sign-off, or nothing is recorded."""

from pathlib import Path

import pytest

from bot.config import Config, canonical_text
from tests.config.small import SMALL, load_text, problems_of
from tests.conftest import EXAMPLE

SAYS = "announcement: {en: This call is recorded., es: Esta llamada se graba.}"
BLOCK = "recording: {{{announcement}, signed_off_by: Cora Bell, signed_off_on: 2026-11-02}}\n"


def test_it_survives_being_stored(tmp_path: Path) -> None:
    config = load_text(tmp_path, SMALL + BLOCK.format(announcement=SAYS))
    assert Config.model_validate_json(canonical_text(config)) == config
    assert config.recording is not None and (config.recording.teams, config.recording.keep_days) == ((), 90)


@pytest.mark.parametrize(
    ("announcement", "path"),
    [
        ("keep_days: 90", "recording.announcement"),
        ("announcement: {en: This call is recorded.}", "recording.announcement.es"),
        ("announcement: {en: This call is recorded., es: Hola.}", "recording.announcement.es"),
    ],
)
def test_without_words_that_say_so_nothing_is_recorded(tmp_path: Path, announcement: str, path: str) -> None:
    [problem] = problems_of(tmp_path, SMALL + BLOCK.format(announcement=announcement))
    assert problem.path.startswith(path.rpartition(".es")[0])


def test_the_example_is_good_when_it_is_uncommented(tmp_path: Path) -> None:
    block = EXAMPLE.read_text("utf-8").partition("\n# recording:")[2].partition("\n\n")[0]
    written = "\n".join(line.removeprefix("# ") for line in f"# recording:{block}".splitlines())
    assert load_text(tmp_path, f"{SMALL}{written}\n").recording is not None
