"""The file of consents: what was agreed to and taken back, who supplied it, and what it permits now."""

import csv
import io
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.capture import intake
from bot.capture.intake import Received
from bot.errors import LeadbellError
from bot.leads.working import NotYourLead
from bot.oversight.consents import ConsentFile, file_of, table_of_consents
from bot.rules.compliance import Allowed, Refused
from tests.doubles.branch import Branch, a_lead
from tests.doubles.databases import fresh_sqlite
from tests.doubles.formulas import WIDE
from tests.doubles.processes import command
from tests.doubles.texts import AGREED, NUMBER, Texts

HASH_KEY = bytes(32)


@pytest.fixture
def texts(branch: Branch) -> Texts:
    return Texts(branch)


def bought(branch: Branch, **fields: Any) -> int:
    """A lead that a vendor sold us, claimed by Maya."""
    source = replace(branch.services.in_force.sources["zillow"], bought=True)
    new = intake.prepare(branch.services, source, a_lead(**{**AGREED, **fields}))
    received = branch.store.transact_now(intake.record_arrival, new)
    assert isinstance(received, Received)
    branch.claim("maya", received.lead)
    return received.lead


def seen(branch: Branch, lead: int, officer: str = "maya") -> ConsentFile:
    file = branch.store.transact_now(file_of, branch.press(officer, lead), branch.services.in_force)
    assert isinstance(file, ConsentFile)
    return file


def exported(branch: Branch, lead: int | None, phone: str | None = None) -> list[dict[str, str]]:
    table, many = branch.store.transact_now(table_of_consents, HASH_KEY, lead, phone)
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert len(rows) == many
    return rows


def test_the_file_shows_the_evidence_and_the_gates_answers(texts: Texts) -> None:
    lead = texts.lead(email="dana@example.com", trustedform_url="https://cert.trustedform.com/abc", consent_url="https://acme.example/form")

    file = seen(texts.branch, lead)

    assert isinstance(file.texts, Allowed) and isinstance(file.calls, Allowed) and file.email is None
    assert [each.kind for each in file.contacts] == ["phone", "email"]
    [agreed] = file.contacts[0].agreed
    assert (agreed.given, agreed.text, agreed.url) == (True, AGREED["consent_text"], "https://acme.example/form")
    assert agreed.supplied_by is not None and agreed.trustedform_url == "https://cert.trustedform.com/abc" and agreed.names_us


def test_what_was_closed_stands_in_it_and_in_the_answers(texts: Texts) -> None:
    lead = texts.lead()
    texts.came("STOP")

    file = seen(texts.branch, lead)

    assert file.texts == Refused("sms_suppressed")
    assert {(each.channel, each.reason) for each in file.contacts[0].closed} == {
        (channel, "opted_out") for channel in ("sms", "marketing", "sales_calls")
    }
    assert file.calls == Refused("call_opted_out")


def test_what_a_vendor_supplies_permits_nothing_unless_it_names_us(branch: Branch) -> None:
    lead = bought(branch, consent_text="I agree to calls and texts from up to five lenders.", sellers="Rate Co, Other Bank")

    file = seen(branch, lead)

    assert file.texts == Refused("sms_consent_names_other_sellers")
    assert [each.names_us for each in file.contacts[0].agreed] == [False]


@pytest.mark.parametrize(
    "fields",
    [
        {"consent_text": "I agree to calls and texts from Acme Mortgage."},
        {"consent_text": "I agree to calls and texts from these lenders.", "sellers": "Rate Co, Acme Mortgage"},
    ],
)
def test_what_names_us_permits_texts_whoever_supplied_it(branch: Branch, fields: dict[str, str]) -> None:
    assert isinstance(seen(branch, bought(branch, **fields)).texts, Allowed)


def test_a_vendors_bare_yes_permits_nothing(branch: Branch) -> None:
    lead = bought(branch, consent="yes", consent_text=None)

    assert seen(branch, lead).texts == Refused("sms_consent_names_no_texts")


def test_compliance_reads_it_and_another_officer_does_not(texts: Texts) -> None:
    lead = texts.lead()

    assert seen(texts.branch, lead, "cora").lead.number == lead
    refused = texts.store.transact_now(file_of, texts.branch.press("luis", lead), texts.branch.services.in_force)
    assert isinstance(refused, NotYourLead)


def test_one_command_finds_every_answer_by_lead_or_by_phone(texts: Texts) -> None:
    lead = texts.lead()
    texts.came("STOP")

    by_lead, by_phone = exported(texts.branch, lead), exported(texts.branch, None, "(512) 555-0100")

    assert by_lead == by_phone and [row["what"] for row in by_lead] == ["consent", "closed", "closed", "closed"]
    assert by_lead[0]["contact"] == f"'{NUMBER}" and by_lead[0]["text"] == AGREED["consent_text"] and by_lead[0]["given"] == "yes"
    assert {row["channel or supplied by"] for row in by_lead[1:]} == {"sms", "marketing", "sales_calls"}


@pytest.mark.fault(74)
@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", *WIDE])
def test_what_was_agreed_to_is_never_run_by_a_spreadsheet(branch: Branch, cell: str) -> None:
    lead = branch.new_lead(consent="yes", consent_text=cell, consent_at="2026-11-01T15:00:00Z")

    assert exported(branch, lead)[0]["text"] == f"'{cell}"


def test_neither_lead_nor_phone_is_told(branch: Branch) -> None:
    for lead, phone in ((None, None), (1, NUMBER), (None, "nonsense")):
        with pytest.raises(LeadbellError):
            branch.store.transact_now(table_of_consents, HASH_KEY, lead, phone)


async def test_it_is_typed_as_a_command(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"

    code, said = await command(fresh_sqlite(tmp_path), "export", "consent", str(file), "--phone", "512 555 0100")

    assert (code, said) == (0, f"{file} holds 0 entries. Keep it private.\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
