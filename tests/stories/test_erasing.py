"""Who is erased is gone from the cards, the threads and the direct messages of Slack."""

from bot.oversight.erasing import Asked, erase_subject, find_subject
from bot.services import Services
from bot.store.contacts import ContactPoint
from tests.doubles.office import Office
from tests.doubles.waiting import until
from tests.doubles.workplace import LEADS
from tests.stories.test_texts_in import claimed_by_maya

TRACES = ("Dana", "purple door")


async def erased(services: Services, lead: int) -> None:
    """As the command does it beside a running Leadbell."""
    asked, key = Asked(lead=lead), services.hash_key
    meant = await services.store.transact(find_subject, key, asked)
    await services.store.transact(erase_subject, key, asked, meant, services.clock.now(), services.salt())


async def test_an_erased_borrower_is_shown_nowhere_any_more(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.borrower_texts("It is the purple door")
    await office.thread_says(lead, "purple door")
    await office.told("maya", f"#{lead} Dana R. texted:", "purple door")
    assert office.services is not None

    await erased(office.services, lead)

    async def shown_nowhere() -> bool:
        # What a message said on a locked screen as it came is the phone's, and the stand-in keeps it beside the message.
        shown = [f"{each | {'push': ''}}" for place in (LEADS, "D0MAYA") for each in await office.messages(place)]
        return not any(trace in each for trace in TRACES for each in shown)

    await until(shown_nowhere, "messages without a trace of Dana")
    await until(office.nothing_is_owed, "nothing owed")
    assert await shown_nowhere()
    assert {contact.value for contact in office.all(ContactPoint)} == {""}
    await office.card_of(lead, says=f"#{lead}")
