"""Nothing is texted before the config says all that the law and the carriers ask for."""

from datetime import date
from pathlib import Path

import pytest

from bot.config import Config, missing_before_alarms, missing_before_texting
from tests.config.small import SMALL, changed, load_text, problems_of

TEXTING = """\
texting:
  stop_text: "Acme: you are opted out and get no more texts from us."
  help_text: "Acme, NMLS 123456. Call (512) 555-0199. Reply STOP to opt out."
"""


def small(folder: Path, *lines: str) -> Config:
    block = TEXTING + "".join(f"  {line}\n" for line in lines)
    return load_text(folder, changed(("default_team:", f"{block}default_team:")))


def test_without_the_block_its_keys_are_named(tmp_path: Path) -> None:
    [missing] = missing_before_texting(load_text(tmp_path, changed()))
    assert all(key in missing for key in ("stop_text", "help_text", "sender_registered_on", "signed_off_by", "signed_off_on"))


def test_a_sender_that_is_not_registered_and_a_sign_off_without_its_day_are_both_named(tmp_path: Path) -> None:
    registration, sign_off = missing_before_texting(small(tmp_path, "signed_off_by: Cora Bell"))
    assert "sender_registered_on" in registration
    assert "signed_off_on" in sign_off


def test_with_all_of_it_nothing_is_missing(tmp_path: Path) -> None:
    config = small(tmp_path, "sender_registered_on: 2026-10-01", "signed_off_by: Cora Bell", "signed_off_on: 2026-10-02")
    assert config.texting is not None
    assert config.texting.sender_registered_on == date(2026, 10, 1)
    assert missing_before_texting(config) == ()


@pytest.mark.parametrize("line", ["stop_text", "help_text"])
def test_the_two_answers_are_never_left_out(tmp_path: Path, line: str) -> None:
    kept = "\n".join(each for each in TEXTING.splitlines() if line not in each)
    [problem] = problems_of(tmp_path, changed(("default_team:", f"{kept}\ndefault_team:")))
    assert problem.path == f"texting.{line}"


@pytest.mark.parametrize("line", ["legal_name", "nmls_id"])
def test_a_company_without_its_name_or_its_nmls_id_is_no_company(tmp_path: Path, line: str) -> None:
    [written] = [each for each in SMALL.splitlines(keepends=True) if each.startswith(f"  {line}:")]
    [problem] = problems_of(tmp_path, changed((written, "")))
    assert problem.path == f"company.{line}"


def test_before_officers_hear_of_leads_while_chat_is_down_each_thing_that_is_missing_is_named(tmp_path: Path) -> None:
    config = load_text(tmp_path, changed())
    account, texting, phones = missing_before_alarms(config, texts_on=False)
    assert "TWILIO_ACCOUNT_SID" in account
    assert "texting" in texting
    assert "tess, sam" in phones
