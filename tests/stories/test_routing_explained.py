"""`leadbell rules`: what the routing rules make of a file of leads, and of one that came."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app, console
from bot.errors import LeadbellError
from tests.doubles.databases import fresh_sqlite
from tests.doubles.office import Office, config_of, office_at_work

BEFORE = "\nrouting:\n"
RULES = {
    BEFORE: f"""{BEFORE}\
  - {{name: Small loans, when: {{amount: {{below: 200000}}}}}}
  - {{name: Texas in turn, when: {{state: TX}}, team: austin, officers: [luis, maya], mode: round_robin}}
"""
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
    assert any(line.startswith("4 ") and line.endswith("All others austin nobody") for line in lines)
    assert "line 5, phone" in said.stdout
    assert not any(name in said.stdout for name in ("Dana", "Tom", "Eve", "5125550"))
    assert not (tmp_path / "none.db").exists()


CHOSEN = {
    BEFORE: f"""{BEFORE}\
  - {{name: Sold, mode: direct, to: [recipient, partner, last_owner], officers: tess}}
  - {{name: Shared, when: {{state: TX}}, percent: {{austin: 60, south: 40}}}}
"""
}


def test_shares_and_those_whom_leads_name_are_tried_as_if_the_file_held_all_leads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADBELL_CONFIG", str(config_of(tmp_path, CHOSEN)))
    monkeypatch.setenv("LEADBELL_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    leads = tmp_path / "leads.csv"
    rows = [f"Dana,51255501{number:02},purchase,TX,{'luis@acme.example' if number == 2 else ''}" for number in range(6)]
    leads.write_text("First Name,Phone,Loan Purpose,State,Loan Officer Email\n" + "\n".join(rows) + "\n")

    said = COMMAND.invoke(app, ["rules", "try", str(leads), "--source", "website"])

    assert said.exit_code == 0, said.exception
    lines = [" ".join(line.replace("│", " ").split()) for line in said.stdout.splitlines()]
    chosen = [next(line for line in lines if line.startswith(f"{number} ")) for number in range(2, 8)]
    assert ["Sold" if "Sold" in line else "south" if "Shared south" in line else "austin" for line in chosen] == [
        "austin", "south", "Sold", "austin", "south", "austin",
    ]  # fmt: skip
    assert chosen[2].endswith("Sold austin luis, tess, then maya, priya")


OF_PARTNERS = {
    BEFORE: f"""{BEFORE}\
  - {{name: From Keller, when: {{partner: keller}}, team: south}}
""",
    "# partners:\n": "partners: [{key: keller, name: Keller Realty, officer: luis}]\n",
}


async def test_the_partner_whom_a_lead_names_is_tried_and_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADBELL_KEY_WEBSITE", "a-key-for-tests")
    leads = tmp_path / "leads.csv"
    leads.write_text(
        "First Name,Phone,Loan Purpose,State,Referred By\nDana,5125550100,purchase,CO,Keller  Realty\nEve,5125550101,purchase,CO,\n"
    )
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), changes=OF_PARTNERS) as office:
        sent = await office.lead_arrives(referred_by="keller")
        other = await office.lead_arrives(first_name="Eve", phone="(512) 555-0160", email=None)
        point_at(office, tmp_path, monkeypatch)

        tried = COMMAND.invoke(app, ["rules", "try", str(leads), "--source", "website"]).stdout
        of_sent = COMMAND.invoke(app, ["rules", "explain", str(sent)]).stdout
        of_other = COMMAND.invoke(app, ["rules", "explain", str(other)]).stdout

    lines = [" ".join(line.replace("│", " ").split()) for line in tried.splitlines()]
    assert any(line.startswith("2 ") and "From Keller south" in line for line in lines)
    assert any(line.startswith("3 ") and "From Keller" not in line for line in lines)
    assert "It names the partner Keller Realty (keller)." in of_sent and "From Keller: fits" in of_sent
    assert "From Keller: no, because of partner" in of_other and "It names the partner" not in of_other


async def test_a_lead_that_was_shared_and_one_that_names_somebody_are_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADBELL_KEY_WEBSITE", "a-key-for-tests")
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), changes=CHOSEN) as office:
        shared = await office.lead_arrives()
        sold = await office.lead_arrives(first_name="Eve", phone="(512) 555-0160", email=None, recipient={"nmlsId": "200102"})
        await office.card_of(sold, says="Luis Ortega has it")
        point_at(office, tmp_path, monkeypatch)

        of_shared = COMMAND.invoke(app, ["rules", "explain", str(shared)]).stdout
        of_sold = COMMAND.invoke(app, ["rules", "explain", str(sold)]).stdout

    assert "It was the turn of Austin: 60% of them are its share, and it had 0 of 0." in of_shared
    assert "Sold: no, because of to" in of_shared
    assert "Team austin (60%) or south (40%)" in of_shared
    assert "It named luis: the officer to whom the vendor sold it." in of_sold
    assert "Sold: fits" in of_sold


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
