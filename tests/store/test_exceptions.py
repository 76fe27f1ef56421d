"""A lead that nobody of its team may take is among the exceptions: who leads hears of it at once, and it rings once somebody may."""

from datetime import timedelta
from typing import Any, cast

import pytest

from bot.config import Config
from bot.leads.finding import Exceptions, exceptions
from bot.officers.leaving import answer_return, note_presence
from bot.officers.team import Changed, Field, Form, change_officer, read_form
from bot.rules.roles import Role
from bot.store.clocks import Clock
from bot.store.events import COMPANY
from bot.store.people import Officer
from bot.store.places import KnownOfficer
from bot.store.postings import Place
from tests.doubles.branch import Branch
from tests.store.test_configuring import put_in_force


def told(branch: Branch, lead: int) -> list[str]:
    return [kind for kind, _ in branch.told(lead)]


def listed(branch: Branch, who: str = "tess") -> list[int]:
    row = next(officer for officer in branch.all(Officer) if officer.key == who)
    assert row.id is not None
    known = KnownOfficer(row.id, row.key, row.name, row.language, cast(Role, row.role), row.active)
    found = branch.store.transact_now(exceptions, known)
    assert isinstance(found, Exceptions) and found.many == len(found.leads)
    return [each.number for each in found.leads]


def because(branch: Branch, lead: int) -> tuple[object, object]:
    [event] = [event for event in branch.events(lead) if event.kind == "nobody_free"]
    return event.meta.get("because"), event.meta.get("state")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"property_state": "UT"}, ("company_not_licensed", "UT")),
        ({"property_state": "NM"}, ("not_licensed", "NM")),  # Priya of Austin alone, who does no construction
        ({"property_state": "OK"}, (None, None)),
    ],
)
def test_why_nobody_may_take_it_is_told_at_once(branch: Branch, fields: dict[str, Any], why: tuple[str | None, str | None]) -> None:
    for officer in ("maya", "tess"):
        branch.set(Officer, branch.officer_id(officer), off_until=branch.clock.at + timedelta(days=1))
    if fields["property_state"] == "NM":
        branch.set(Officer, branch.officer_id("priya"), licenses={"TX": None})
    lead = branch.new_lead(**fields)
    branch.escalate()

    assert told(branch, lead) == ["nobody_free"]
    assert because(branch, lead) == why
    assert listed(branch) == ([lead] if why[0] else [])


def test_an_exception_rings_once_somebody_is_licensed(branch: Branch, example: Config) -> None:
    lead = branch.new_lead(property_state="OK")
    for officer in ("maya", "tess"):
        branch.set(Officer, branch.officer_id(officer), licenses={"TX": None})
    branch.escalate()
    branch.passes(minutes=7)
    assert listed(branch) == [lead]

    branch.set(Officer, branch.officer_id("maya"), licenses={"OK": None})
    put_in_force(branch.store, example.model_copy(update={"routing": (), "company": example.company.model_copy(update={"dba": "Acme"})}))
    branch.escalate()

    assert branch.told(lead)[-1] == ("ring", ["maya"])
    assert listed(branch) == []


def unlicensed(branch: Branch) -> int:
    """A lead from Oklahoma, where nobody is licensed any more; who leads was told seven minutes ago."""
    lead = branch.new_lead(property_state="OK")
    for officer in ("maya", "tess"):
        branch.set(Officer, branch.officer_id(officer), licenses={"TX": None})
    branch.escalate()
    branch.passes(minutes=7)
    assert listed(branch) == [lead]
    return lead


def test_an_exception_rings_once_a_license_is_written_in_chat(branch: Branch) -> None:
    lead = unlicensed(branch)

    form = branch.store.transact_now(read_form, branch.officer_id("sam"), branch.officer_id("maya"), branch.clock.now())
    assert isinstance(form, Form)
    said: dict[Field, str] = {"licenses": "OK"}
    changed = branch.store.transact_now(change_officer, branch.press("sam", COMPANY), branch.officer_id("maya"), said, form.fields)
    branch.escalate()

    assert isinstance(changed, Changed)
    assert branch.told(lead)[-1] == ("ring", ["maya"])
    assert listed(branch) == []


def test_an_exception_rings_once_somebody_who_may_take_it_works_here_again(branch: Branch) -> None:
    maya = branch.officer_id("maya")
    branch.store.transact_now(note_presence, "slack", [], [address_of(branch)], branch.clock.now(), "salt")
    lead = unlicensed(branch)
    branch.set(Officer, maya, licenses={"OK": None})
    branch.store.transact_now(note_presence, "slack", [address_of(branch)], [], branch.clock.now(), "salt")
    branch.escalate()
    assert listed(branch) == [lead]

    branch.store.transact_now(answer_return, branch.press("sam", COMPANY), maya, True)
    branch.escalate()

    assert branch.told(lead)[-1] == ("ring", ["maya"])
    assert listed(branch) == []


def address_of(branch: Branch) -> str:
    """Where Slack has Maya."""
    place = branch.place("maya@acme.example")
    branch.set(Place, place.id, address="U0MAYA")
    return "U0MAYA"


def test_an_exception_is_looked_at_again_whenever_its_steps_come(branch: Branch) -> None:
    lead = branch.new_lead(property_state="OK")
    for officer in ("maya", "tess"):
        branch.set(Officer, branch.officer_id(officer), licenses={"TX": None})
    branch.escalate()
    branch.set(Officer, branch.officer_id("maya"), licenses={"OK": None})

    branch.passes(minutes=2)

    assert branch.told(lead)[-1] == ("ring", ["maya"])


def test_an_exception_that_somebody_takes_or_that_ends_is_none_any_more(branch: Branch) -> None:
    lead, other = branch.new_lead(property_state="UT"), branch.new_lead(property_state="UT", phone="(512) 555-0122")
    branch.escalate()
    assert listed(branch) == [lead, other]

    branch.set(Officer, branch.officer_id("maya"), licenses={"UT": None})
    [clock] = [clock for clock in branch.all(Clock) if clock.lead_id == lead]
    branch.set(Clock, clock.id, due_at=None)

    assert listed(branch) == [other]


def test_each_person_sees_the_exceptions_of_their_own_teams(branch: Branch) -> None:
    lead = branch.new_lead(property_state="UT")
    branch.escalate()

    assert listed(branch, "maya") == listed(branch, "sam") == listed(branch, "cora") == [lead]
    branch.set(Officer, branch.officer_id("omar"), role="officer")
    south = branch.arrive("partner", property_state="UT", phone="(512) 555-0133")
    branch.escalate()
    assert listed(branch, "maya") == [lead]
    assert listed(branch, "omar") == [lead, getattr(south, "lead", None)]


def test_an_exception_of_the_night_is_told_in_the_morning(branch: Branch) -> None:
    branch.clock.skip(hours=9)
    lead = branch.new_lead(property_state="UT", property_zip="78704")
    branch.escalate()
    assert told(branch, lead) == []

    branch.passes(hours=15)  # eight in Alaska too

    assert told(branch, lead) == ["nobody_free"]
