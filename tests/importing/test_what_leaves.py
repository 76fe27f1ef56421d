"""What leaves by itself for a lead of a file, and who is rung for it: nothing that the gate does not allow, with --ring and without."""

from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import update

from bot.configuring import apply_config
from bot.in_force import newest
from bot.outreach.network import PhoneNetwork
from bot.outreach.post import PostOffice
from bot.oversight.do_not_call import import_registry
from bot.rules.do_not_call import NATIONAL
from bot.speed_to_lead.paging import TO_STAFF
from bot.store.columns import table_of
from bot.store.database import Store
from bot.store.leads import Lead
from bot.store.outbound import Message
from bot.store.people import Source
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.importing.conftest import Save
from tests.importing.test_importing import imported
from tests.store.test_drip_beginnings import Begins
from tests.store.test_drip_steps import SAYS_STOP

AGREED = "I agree to calls and text messages from Acme Mortgage at this number."
HEADERS = "First Name,Phone,Email,State,Loan Purpose,Consent,Consent Text,Consent At\n"
ALLOWED = HEADERS + f"Dana,5125550100,dana@example.com,TX,purchase,yes,{AGREED},2026-11-01T15:00:00Z\n"
WITHOUT_CONSENT = HEADERS + "Dana,5125550100,,TX,purchase,,,\n"


@pytest.fixture
def greeting(company: Store) -> Begins:
    """A company that greets by text and email, and in which a sequence of texts begins by itself for whoever comes as new."""
    branch = Branch(company, NOON)
    config = branch.services.in_force.config
    assert config.texting is not None and config.email is not None
    greets: dict[str, Any] = {
        "texting": config.texting.model_copy(update={"instant_reply": True}),
        "email": config.email.model_copy(update={"instant_reply": True}),
    }
    company.transact_now(apply_config, config.model_copy(update=greets), by="test", at=NOON, salt="salt")
    in_force = company.transact_now(newest, {"LEADBELL_KEY_WEBSITE": "demo-key"})
    assert in_force is not None
    branch.services.in_force = in_force
    branch.services.network = cast(PhoneNetwork, object())  # texts and emails are on, and none is sent here
    branch.services.post_office = cast(PostOffice, object())
    return Begins(branch)


def by_itself(texts: Begins, lead: int) -> list[tuple[str, str]]:
    """What was written for its borrower."""
    written = [each for each in texts.branch.all(Message) if each.lead_id == lead and each.purpose not in TO_STAFF]
    return [(each.purpose, each.channel) for each in written]


def rung(branch: Branch, lead: int) -> bool:
    return bool({"ring", "offer"} & {kind for kind, _ in branch.told(lead)})


async def test_with_ring_who_agreed_is_greeted_and_rung_for_and_who_did_not_is_not_greeted(greeting: Begins, save: Save) -> None:
    branch = greeting.branch
    await imported(branch, save(ALLOWED + "Rob,5125550180,,TX,purchase,,,\n"), ring=True)
    dana, rob = (lead.id or 0 for lead in branch.all(Lead))

    assert by_itself(greeting, dana) == [("greeting", "sms"), ("greeting", "email")]
    assert by_itself(greeting, rob) == []
    [told] = greeting.events(rob, "not_allowed")
    assert (told["channel"], told["rule"]) == ("sms", "sms_no_consent")
    branch.passes(minutes=1)
    assert rung(branch, dana)


@pytest.mark.parametrize("ring", [True, False])
async def test_a_bought_lead_on_the_registry_is_neither_rung_for_nor_written_to(
    greeting: Begins, save: Save, tmp_path: Path, ring: bool
) -> None:
    branch = greeting.branch
    registry = tmp_path / "2026-11-24_512.txt"
    registry.write_text("512,5550100\n")
    import_registry(branch.store, registry, NATIONAL, None, branch.clock.at, lambda _: None)
    branch.store.transact_now(lambda session: session.connection().execute(update(table_of(Source)).values(bought=True)) and None)
    texts_to_all(greeting)

    await imported(branch, save(WITHOUT_CONSENT), ring=ring)
    greeting.looks()
    branch.passes(minutes=30)
    greeting.after(days=1)
    greeting.after(hours=2)

    [lead] = branch.all(Lead)
    assert by_itself(greeting, lead.id or 0) == [] and not rung(branch, lead.id or 0)


async def test_without_ring_nobody_is_greeted_or_rung_and_a_sequence_writes_as_the_gate_lets_it(greeting: Begins, save: Save) -> None:
    branch = greeting.branch
    texts_to_all(greeting)
    await imported(branch, save(ALLOWED + "Rob,5125550180,,TX,purchase,,,\n"))
    greeting.looks()
    branch.passes(minutes=30)
    greeting.after(days=1)
    greeting.after(hours=2)

    dana, rob = (lead.id or 0 for lead in branch.all(Lead))
    assert by_itself(greeting, dana) == [("drip", "sms")]
    assert by_itself(greeting, rob) == []
    assert not rung(branch, dana) and not rung(branch, rob)


def texts_to_all(texts: Begins) -> None:
    """A sequence of one text begins for whoever is not heard of for a day."""
    texts.turned_on({"silent_for": "1 day"}, steps=[{"after": "1 hour", "sms": SAYS_STOP}])
