"""The block voicemail: a toll-free number for opt-outs and a sign-off, or nothing is left by a machine."""

from pathlib import Path

from bot.config import Config, canonical_text
from tests.config.small import SMALL, load_text, problems_of
from tests.conftest import EXAMPLE

BLOCK = "voicemail: {{opt_out_phone: {number}, signed_off_by: Cora Bell, signed_off_on: 2026-11-02}}\n"


def test_it_survives_being_stored(tmp_path: Path) -> None:
    config = load_text(tmp_path, SMALL + BLOCK.format(number="(800) 555-0188"))
    assert Config.model_validate_json(canonical_text(config)) == config
    assert config.voicemail is not None and config.voicemail.opt_out_phone == "+18005550188"


def test_a_number_that_costs_the_caller_is_refused(tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, SMALL + BLOCK.format(number="(512) 555-0188"))
    assert problem.path == "voicemail.opt_out_phone" and "not toll-free" in problem.message


def test_the_example_is_good_when_it_is_uncommented(tmp_path: Path) -> None:
    block = EXAMPLE.read_text("utf-8").partition("\n# voicemail:")[2].partition("\n\n")[0]
    written = "\n".join(line.removeprefix("# ") for line in f"# voicemail:{block}".splitlines())
    assert load_text(tmp_path, f"{SMALL}{written}\n").voicemail is not None
