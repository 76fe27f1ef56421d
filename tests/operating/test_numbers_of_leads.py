"""No number of a lead that an operator types breaks a command."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import LeadbellError
from bot.store.database import Store


@pytest.mark.parametrize("number", ["0", "-1", "2147483648", "99999999999999999999"])
@pytest.mark.parametrize("command", ["show {}", "erase --lead {}", "export consent FILE --lead {}", "export audit FILE --lead {}"])
def test_a_number_that_no_lead_can_have_is_told_in_a_sentence(
    company: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str, number: str
) -> None:
    monkeypatch.setenv("LEADBELL_DATABASE_URL", company.url.render_as_string(hide_password=False))
    words = command.format(number).replace("FILE", str(tmp_path / "out.csv")).replace("show -1", "show -- -1").split()

    told = CliRunner().invoke(app, words).exception

    assert isinstance(told, LeadbellError) and str(told) == f"There is no lead {number}."
