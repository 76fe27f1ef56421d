"""A lead that nobody may call does not ring; its card says why, and what is open, in Discord."""

from pathlib import Path

from sqlalchemy import update
from sqlmodel import Session

from bot.oversight.do_not_call import import_registry
from bot.rules.do_not_call import NATIONAL
from bot.store.columns import table_of
from bot.store.events import Event
from bot.store.people import Source
from tests.doubles.discord_office import DiscordOffice, read
from tests.doubles.office import TUESDAY
from tests.doubles.rows import rows


def every_lead_is_bought(session: Session) -> None:
    session.connection().execute(update(table_of(Source)).values(bought=True))


async def test_the_card_says_that_nobody_calls_and_who_claims_it_is_shown_the_email_alone(office: DiscordOffice, tmp_path: Path) -> None:
    file = tmp_path / "512.txt"
    file.write_text("512,5550100\n")
    import_registry(office.services.store, file, NATIONAL, TUESDAY, office.clock.now(), lambda _: None)
    office.services.store.transact_now(every_lead_is_bought)

    lead = await office.lead_arrives()

    card = await office.card_of(lead)
    assert "no calls: national registry, no written consent; email is open" in read(card)
    await office.presses("maya", card, "claim")
    told = await office.is_told("maya", f"Yours: #{lead}", "No calls: national registry, no written consent. Email is open")
    assert "555-0100" not in read(told)
    assert [event.kind for event in rows(office.services.store, Event) if event.stream == lead and event.kind == "ring"] == []
