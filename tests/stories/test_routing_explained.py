"""`leadbell rules`: what the routing rules make of a file of leads, and of one that came."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app, console
from bot.errors import LeadbellError
from tests.doubles.databases import fresh_sqlite
from tests.doubles.office import Office, config_of, office_at_work

BEFORE = "# Escalation. Without these lines"
RULES = {
    BEFORE: f"""\
routing:
  - {{name: Small loans, when: {{amount: {{below: 200000}}}}}}
  - {{name: Texas in turn, when: {{state: TX}}, team: austin, officers: [luis, maya], mode: round_robin}}
{BEFORE}"""
}
COMMAND = CliRunner()


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal on which no row is broken."""
    monkeypatch.setattr(console, "width", 200)


def test_each_lead_of_a_file_is_judged_without_a_store_and_without_a_name_in_what_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADBELL_CONFIG", str(config_of(tmp_path, RULES)))
    monkeypatch.setenv("LEADBELL_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    leads = tmp_path / "leads.csv"
    leads.write_text(
        "First Name,Phone,Loan Purpose,State,Loan Amount\n"
        "Dana,5125550100,purchase,TX,310000\nTom,5125550101,refi,TX,150000\nEve,9075550101,refi,AK,400000\nBo,nothing,refi,TX,1\n"
    )

    said = COMMAND.invoke(app, ["rules", "try", str(leads), "--source", "website"])

    assert said.exit_code == 0, said.exception
    lines = [" ".join(line.replace("│", " ").split()) for line in said.stdout.splitlines()]
    assert any(line.startswith("2 ") and line.endswith("Texas in turn austin maya, luis, then priya, tess") for line in lines)
    assert any(line.startswith("2 ") and "buying +10" in line and " purchase " in line for line in lines)
    assert any(line.startswith("3 ") and "Small loans" in line for line in lines)
    assert any(line.startswith("4 ") and line.endswith("none austin nobody") for line in lines)
    assert "line 5, phone" in said.stdout
    assert not any(name in said.stdout for name in ("Dana", "Tom", "Eve", "5125550"))
    assert not (tmp_path / "none.db").exists()


async def test_a_lead_that_came_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADBELL_KEY_WEBSITE", "a-key-for-tests")
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), changes=RULES) as office:
        lead = await office.lead_arrives()
        await office.card_of(lead, says="Maya Torres has it")
        point_at(office, tmp_path, monkeypatch)

        said = COMMAND.invoke(app, ["rules", "explain", str(lead)])

    assert said.exit_code == 0, said.exception
    assert f'#{lead} came under the rule "Texas in turn".' in said.stdout
    assert "It was given to Maya Torres at " in said.stdout
    assert "Small loans: no, because of amount" in said.stdout
    assert "no, not licensed" in said.stdout  # Omar, in Texas
    assert "Its score is 65, grade A, by version 3:" in said.stdout
    assert "  this month +20\n" in said.stdout and "  It looked at completeness, credit, " in said.stdout
    assert "Its segments: purchase." in said.stdout
    assert 'It is uncontacted and follows the policy "default", and next reminder at ' in said.stdout
    assert "Dana" not in said.stdout


@pytest.mark.parametrize("number", ["4711", "0", "-1", "9" * 30, "-" + "9" * 30])
async def test_a_lead_that_never_came_cannot_be_explained(
    office: Office, number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config_of(tmp_path, {})
    point_at(office, tmp_path, monkeypatch)

    said = COMMAND.invoke(app, ["rules", "explain", "--", number])

    assert isinstance(said.exception, LeadbellError)
    assert str(said.exception) == f"There is no lead {number}."


def point_at(office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command reads the office's config and store."""
    assert office.services is not None
    monkeypatch.setenv("LEADBELL_CONFIG", str(folder / "leadbell.yaml"))
    monkeypatch.setenv("LEADBELL_DATABASE_URL", office.services.store.url.render_as_string(hide_password=False))
