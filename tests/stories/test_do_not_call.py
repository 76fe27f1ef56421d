"""A lead that nobody may call does not ring; its card says why, and what is open."""

from pathlib import Path

from bot.oversight.do_not_call import import_registry
from bot.rules.do_not_call import NATIONAL
from bot.store.events import Event
from tests.doubles.office import TUESDAY, Office
from tests.doubles.shown import words
from tests.stories.conftest import OpenOffice

BOUGHT = {"    price: 48\n": "    price: 48\n    bought: true\n"}


def is_on_the_registry(office: Office, folder: Path) -> None:
    """Dana's number is."""
    assert office.services is not None
    file = folder / "512.txt"
    file.write_text("512,5550100\n")
    import_registry(office.services.store, file, NATIONAL, TUESDAY, office.services.clock.now(), lambda _: None)


async def test_the_card_says_that_nobody_calls_and_who_claims_it_is_shown_the_email_alone(
    changed_office: OpenOffice, tmp_path: Path
) -> None:
    async with changed_office(BOUGHT) as office:
        is_on_the_registry(office, tmp_path)

        lead = await office.lead_arrives("lendingtree")

        card = words(await office.card_of(lead))
        assert "no calls: national registry, no written consent; email is open" in card
        await office.presses("maya", "Claim", lead)
        told = await office.is_told("maya", f"Yours: #{lead}", "No calls: national registry, no written consent. Email is open")
        assert not any(number in told for number in ("555-0100", "tel:", "Say:"))
        assert [event.kind for event in office.all(Event) if event.stream == lead and event.kind == "ring"] == []


async def test_the_same_is_said_in_spanish(changed_office: OpenOffice, tmp_path: Path) -> None:
    async with changed_office({**BOUGHT, "    language: en  ": "    language: es  "}) as office:
        is_on_the_registry(office, tmp_path)

        lead = await office.lead_arrives("lendingtree")

        assert "sin llamadas: registro nacional, sin permiso por escrito; queda el email" in words(await office.card_of(lead))


async def test_where_no_registry_was_imported_a_bought_lead_says_so(changed_office: OpenOffice) -> None:
    async with changed_office(BOUGHT) as office:
        lead = await office.lead_arrives("lendingtree", email=None)

        card = words(await office.card_of(lead))
        assert "no calls: the national registry was not imported, no written consent" in card
        assert "email is open" not in card
