"""The environment, read once."""

import pytest

from bot.errors import BadSettings
from bot.settings import read_settings


def test_a_weak_key_for_inbound_email_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_INBOUND_KEY", "open-sesame")

    with pytest.raises(BadSettings) as told:
        read_settings()

    assert str(told.value) == "EMAIL_INBOUND_KEY: It is easy to guess. Make a good one with leadbell key new."


def test_a_variable_that_holds_no_number_is_named_and_its_value_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADBELL_PORT", "secret-port")

    with pytest.raises(BadSettings) as told:
        read_settings()

    assert str(told.value).startswith("LEADBELL_PORT: Input should be a valid integer")
    assert "secret-port" not in str(told.value)
