"""`leadbell show` beside a running Leadbell."""

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import LeadbellError
from tests.doubles.office import Office


@pytest.mark.parametrize("hostile", ["[/red]", "[bold]Austin[/]", "[link=https://evil.example]here[/link]", ":smile:"])
async def test_what_looks_like_the_terminal_s_markup_is_shown_as_it_was_sent(
    office: Office, monkeypatch: pytest.MonkeyPatch, hostile: str
) -> None:
    lead = await office.lead_arrives(property_city=hostile)
    assert office.services is not None
    monkeypatch.setenv("LEADBELL_DATABASE_URL", office.services.store.url.render_as_string())

    shown = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["show", str(lead)])

    assert shown.exit_code == 0, shown.exception
    assert hostile in shown.stdout and "at (UTC)" in shown.stdout


async def test_there_is_no_lead_with_a_number_beyond_all_numbers(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    assert office.services is not None
    monkeypatch.setenv("LEADBELL_DATABASE_URL", office.services.store.url.render_as_string())

    shown = CliRunner().invoke(app, ["show", str(2**63)])

    assert isinstance(shown.exception, LeadbellError)
    assert str(shown.exception) == "There is no lead 9223372036854775808."
