"""The same borrower asks again, elsewhere: one lead, one card, and its thread says so."""

from tests.doubles.office import Office
from tests.doubles.workplace import LEADS


async def test_the_thread_says_who_asked_again_where_and_how_much_later(office: Office) -> None:
    lead = await office.lead_arrives("zillow")
    await office.card_of(lead)
    await office.skip(minutes=12)

    again = await office.lead_arrives("lendingtree")

    assert again == lead
    await office.thread_says(lead, "Dana R. asked again: LendingTree, 12 min after Zillow.")


async def test_the_sender_hears_that_it_is_a_duplicate(office: Office) -> None:
    await office.lead_arrives("zillow")

    _, answer, _ = await office.post("lendingtree", json={"first_name": "dana", "phone": "512-555-0100"})

    assert answer == {"lead": 1001, "duplicate": True}


async def test_what_only_the_second_request_knew_stands_on_the_card(office: Office) -> None:
    lead = await office.lead_arrives("zillow", property_city=None)

    await office.lead_arrives("lendingtree", property_city="Austin")

    await office.card_of(lead, says="Austin TX")
    assert len(await office.cards_of(lead)) == 1


async def test_a_spouse_on_the_same_phone_is_a_lead_of_their_own(office: Office) -> None:
    first = await office.lead_arrives("zillow")

    second = await office.lead_arrives("lendingtree", first_name="Alex", email="alex@example.com")

    assert second != first
    await office.card_of(second, says="Alex R.")


async def test_the_channel_holds_the_card_and_its_line_and_nothing_else(office: Office) -> None:
    lead = await office.lead_arrives("zillow")
    await office.card_of(lead)

    await office.lead_arrives("lendingtree")
    await office.thread_says(lead, "asked again")

    assert len(await office.messages(LEADS)) == 2
