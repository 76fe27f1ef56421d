"""Nothing is emailed before the config says from which address and who signed it off; and where to is said by SMTP_URL alone."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.config import Config, missing_before_email
from bot.errors import BadSettings
from bot.settings import MailServer, Settings, read_smtp_url
from tests.config.small import changed, load_text, problems_of


def small(folder: Path, *lines: str) -> Config:
    block = "email:\n  from_address: loans@acme.example\n" + "".join(f"  {line}\n" for line in lines)
    return load_text(folder, changed(("default_team:", f"{block}default_team:")))


def test_without_the_block_its_keys_are_named(tmp_path: Path) -> None:
    [missing] = missing_before_email(load_text(tmp_path, changed()))
    assert all(key in missing for key in ("from_address", "signed_off_by", "signed_off_on"))


def test_a_sign_off_without_its_day_is_none(tmp_path: Path) -> None:
    [missing] = missing_before_email(small(tmp_path, "signed_off_by: Cora Bell"))
    assert "signed_off_on" in missing


def test_with_all_of_it_nothing_is_missing(tmp_path: Path) -> None:
    assert missing_before_email(small(tmp_path, "signed_off_by: Cora Bell", "signed_off_on: 2026-10-02")) == ()


def test_an_address_that_is_none_is_a_problem_of_its_line(tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, changed(("default_team:", "email:\n  from_address: acme\ndefault_team:")))
    assert problem.path == "email.from_address"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.com", MailServer("mail.example.com", 587, None, None, encrypted=False)),
        ("smtps://mail.example.com", MailServer("mail.example.com", 465, None, None, encrypted=True)),
        ("smtp://127.0.0.1:1025/", MailServer("127.0.0.1", 1025, None, None, encrypted=False)),
        ("smtps://me%40acme.example:p%2Fw%3A%40@[::1]:4650", MailServer("::1", 4650, "me@acme.example", "p/w:@", encrypted=True)),
    ],
)
def test_a_url_names_a_server(url: str, server: MailServer) -> None:
    assert read_smtp_url(url) == server


@pytest.mark.parametrize(
    "url",
    ["", "mail.example.com", "http://mail.example.com", "smtp://", "smtp://user@mail.example.com", "smtp://mail.example.com:x",
     "smtp://mail.example.com:99999", "smtp://mail.example.com/folder", "smtp://mail.example.com?tls=1", "smtp://[::1"],
)  # fmt: skip
def test_what_names_no_server_is_refused_and_never_repeated(url: str) -> None:
    assert read_smtp_url(url) is None
    settings = Settings(SMTP_URL=SecretStr(f"{url}s3cret"), LEADBELL_PUBLIC_URL="https://leads.example.com")
    if read_smtp_url(f"{url}s3cret") is None:
        with pytest.raises(BadSettings) as refused:
            _ = settings.mail
        assert "s3cret" not in str(refused.value) and "SMTP_URL" in str(refused.value)


def test_email_needs_the_address_that_unsubscribing_goes_to() -> None:
    with pytest.raises(BadSettings, match="LEADBELL_PUBLIC_URL"):
        _ = Settings(SMTP_URL=SecretStr("smtp://mail.example.com")).mail


def test_without_a_url_email_is_off() -> None:
    assert Settings().mail is None
