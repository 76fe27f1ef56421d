"""That a mail program loaded the picture in an email is noted once, at that email, and changes nothing else."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session

from bot.oversight.erasing import Asked, erase_subject, find_subject
from bot.rules.clicking import SCANNED_WITHIN
from bot.store.events import Fact, append_event
from bot.store.history import history_of
from bot.store.mail_opens import is_first_open, note_open
from bot.store.messages import keep_text, message, reach_of
from bot.store.tables import METADATA
from bot.wording.history import say_past
from tests.conftest import NOON
from tests.doubles.branch import Branch

ALL = 1_000_000_000
LATER = NOON + timedelta(minutes=5)


def email_of(branch: Branch, lead: int, **fields: Any) -> int:
    """An email that Maya wrote and that left at noon."""
    maya = branch.officer_id("maya")

    def write(session: Session) -> int:
        contact = reach_of(session, lead, "email")
        assert contact is not None
        row = {
            "lead_id": lead, "contact_point_id": contact[0], "channel": "email", "direction": "out", "status": "sent",
            "subject": "Your question", "body": "When is a good time?", "created_at": NOON, "left_at": NOON,
        }  # fmt: skip
        text_id = keep_text(session, {**row, **fields})
        fact = Fact("emailed", "officer:maya", NOON, {"text": text_id, "officer": "Maya Torres"}, officer_id=maya)
        append_event(session, lead, fact, "salt")
        return text_id

    return branch.store.transact_now(write)


def loads(branch: Branch, email_id: int, at: datetime) -> bool:
    """A mail program loads it; whether there was something to note."""
    is_first = branch.store.transact_now(is_first_open, email_id, at)
    branch.store.transact_now(note_open, email_id, at)
    return is_first


def opened(branch: Branch, email_id: int) -> datetime | None:
    found = branch.store.transact_now(
        lambda session: session.connection().execute(select(message.c.opened_at).where(message.c.id == email_id)).scalar_one()
    )
    assert found is None or isinstance(found, datetime)
    return found


def everything(branch: Branch) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the store, without when an email was opened."""

    def look(session: Session) -> dict[str, list[tuple[Any, ...]]]:
        return {
            table.name: sorted((tuple(row) for row in session.connection().execute(
                select(*(column for column in table.columns if column.name != "opened_at"))
            )), key=repr)
            for table in METADATA.sorted_tables
        }  # fmt: skip

    return branch.store.transact_now(look)


def test_the_first_load_is_noted_and_no_later_one(branch: Branch) -> None:
    email_id = email_of(branch, branch.new_lead(email="dana@home.example"))

    assert [loads(branch, email_id, LATER), loads(branch, email_id, LATER + timedelta(days=1))] == [True, False]

    assert opened(branch, email_id) == LATER


def test_a_load_changes_nothing_else_in_the_store(branch: Branch) -> None:
    lead = branch.new_lead(email="dana@home.example")
    branch.claim("maya", lead)
    email_id = email_of(branch, lead)
    before = everything(branch)

    loads(branch, email_id, LATER)

    assert opened(branch, email_id) == LATER and everything(branch) == before


def test_a_program_that_looks_as_the_email_arrives_notes_nothing(branch: Branch) -> None:
    email_id = email_of(branch, branch.new_lead(email="dana@home.example"))

    assert not loads(branch, email_id, NOON + SCANNED_WITHIN - timedelta(milliseconds=1)) and opened(branch, email_id) is None
    assert loads(branch, email_id, NOON + SCANNED_WITHIN)


@pytest.mark.parametrize("fields", [{"left_at": None}, {"channel": "sms"}, {"direction": "in"}])
def test_only_an_email_of_ours_that_left_is_noted(branch: Branch, fields: dict[str, Any]) -> None:
    text_id = email_of(branch, branch.new_lead(email="dana@home.example"), **fields)

    assert not loads(branch, text_id, LATER) and opened(branch, text_id) is None


def test_of_who_is_erased_it_goes_and_is_noted_no_more(branch: Branch) -> None:
    lead = branch.new_lead(email="dana@home.example")
    email_id = email_of(branch, lead)
    loads(branch, email_id, LATER)

    asked = Asked(lead=lead)
    meant = branch.store.transact_now(find_subject, branch.services.hash_key, asked)
    branch.store.transact_now(erase_subject, branch.services.hash_key, asked, meant, LATER, "salt")
    assert opened(branch, email_id) is None

    assert not loads(branch, email_id, LATER + timedelta(days=1)) and opened(branch, email_id) is None


def line(branch: Branch, lead: int, language: str) -> str:
    [emailed] = [each for each in branch.store.transact_now(history_of, lead, 50, ALL).past if each.kind == "emailed"]
    return say_past(emailed, "America/Chicago", language)


def test_the_line_of_the_email_says_that_it_was_perhaps_opened_and_why_perhaps(branch: Branch) -> None:
    lead = branch.new_lead(email="dana@home.example")
    email_id = email_of(branch, lead)
    assert line(branch, lead, "en").endswith("” Sent") and line(branch, lead, "es").endswith("” Enviado")

    loads(branch, email_id, LATER)

    assert line(branch, lead, "en").endswith("” Sent; perhaps opened Nov 24, 12:05 pm CT (mail programs load pictures by themselves)")
    assert line(branch, lead, "es").endswith(
        "” Enviado; quizá abierto el 24 nov, 12:05 p.m. CT (los programas de correo cargan las imágenes por sí solos)"
    )


def test_of_an_email_that_came_back_it_is_not_said(branch: Branch) -> None:
    lead = branch.new_lead(email="dana@home.example")
    email_id = email_of(branch, lead, status="failed", gave_up_because="came_back")
    loads(branch, email_id, LATER)

    assert "opened" not in line(branch, lead, "en")
