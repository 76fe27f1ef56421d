"""Whose words are these? A number that fits two leads, or none, is asked about; the words of one borrower never reach another's thread."""

import asyncio

import pytest

from bot.configuring import apply_config
from bot.store.contacts import Consent
from bot.store.leads import Lead
from bot.store.people import Source
from bot.store.views import LeadView, lead_view
from tests.doubles.office import Office
from tests.doubles.shown import buttons
from tests.doubles.texts import AGREED


@pytest.mark.fault(52)
async def test_a_number_on_two_leads_is_asked_about_and_stands_where_it_belongs(texting_office: Office) -> None:
    office = texting_office
    danas = await office.lead_arrives()
    robs = await office.lead_arrives(first_name="Rob", email="rob@example.com")
    await office.presses("maya", "Claim", danas)
    await office.presses("luis", "Claim", robs)
    await office.told("luis", f"Yours: #{robs}")

    await office.borrower_texts("It is about the house")

    asked = await office.told("tess", "whose number is on 2 leads", "It is about the house")
    assert buttons(asked) == [f"#{robs} Rob R.", f"#{danas} Dana R.", "Another lead", "Not ours"]
    assert "the house" not in f"{await office.thread_of(danas)} {await office.thread_of(robs)}"
    await office.presses_on(asked, "tess", f"#{robs} Rob R.")

    await office.thread_says(robs, "It is about the house")
    await office.told("tess", "Whose words these are is settled")
    await office.told("luis", f"#{robs} Rob R. texted:")
    assert "the house" not in f"{await office.thread_of(danas)}"


async def test_an_unknown_number_waits_for_who_leads_and_becomes_a_co_borrowers(texting_office: Office) -> None:
    office = texting_office
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)

    await office.borrower_texts("Dana's husband here", number="+15125550177")

    asked = await office.told("tess", "from a number I do not know", "Dana's husband here")
    assert buttons(asked) == ["Co-borrower of...", "New lead", "Not ours"]
    await office.presses_on(asked, "tess", "Co-borrower of...")
    await office.writes_on_screen("tess", "lead", f"#{lead}")

    await office.screen_of("tess", says=f"Done: the words stand in the thread of #{lead}.")
    await office.thread_says(lead, "Dana's husband here")


@pytest.mark.fault(52)
async def test_a_co_borrowers_text_is_asked_about_before_anybody_reads_it_in_a_thread(texting_office: Office) -> None:
    office = texting_office
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.borrower_texts("Dana's husband here", number="+15125550177")
    await office.presses_on(await office.told("tess", "Dana's husband here"), "tess", "Co-borrower of...")
    await office.writes_on_screen("tess", "lead", f"#{lead}")
    await office.thread_says(lead, "Dana's husband here")

    await office.borrower_texts("It is about my own car", number="+15125550177")

    asked = await office.told("maya", "A co-borrower texted. Are these words about that lead?", "my own car")
    assert buttons(asked) == [f"#{lead} Dana R.", "Another lead", "Not ours"]
    await office.presses_on(asked, "maya", "Not ours")
    await office.hears("maya", "Done: the words stay out of every thread.")
    assert "my own car" not in f"{await office.thread_of(lead)}"


async def test_an_answer_to_a_text_of_ours_is_not_asked_about(texting_office: Office) -> None:
    office = texting_office
    danas = await office.lead_arrives(**AGREED)
    robs = await office.lead_arrives(**AGREED, first_name="Rob", email="rob@example.com")
    await office.presses("maya", "Claim", danas)
    await office.presses("luis", "Claim", robs)
    await office.told("luis", f"Yours: #{robs}")
    await office.types("luis", f"/lead text {robs} Hi Rob, is noon fine?")
    await office.thread_says(robs, "Delivered")

    await office.borrower_texts("Noon is fine")

    await office.thread_says(robs, "Noon is fine")
    assert "Noon is fine" not in f"{await office.thread_of(danas)} {await office.direct_messages('tess')}"


async def test_what_is_not_ours_stays_out_of_every_thread(texting_office: Office) -> None:
    office = texting_office
    lead = await office.lead_arrives()
    await office.borrower_texts("Your parcel waits", number="+15125550178")
    asked = await office.told("tess", "Your parcel waits")

    await office.presses_on(asked, "tess", "Not ours")

    await office.hears("tess", "Done: the words stay out of every thread.")
    await office.told("tess", "Whose words these are is settled")
    assert await office.thread_of(lead) == []


async def test_an_unknown_number_becomes_a_lead_that_rings_with_its_words_in_its_thread(texting_office: Office) -> None:
    office = texting_office
    await office.borrower_texts("Hola, quisiera refinanciar mi casa, puedo hablar con alguien?", number="+15125550177")
    asked = await office.told("tess", "from a number I do not know", "refinanciar")

    await office.presses_on(asked, "tess", "New lead")

    await office.hears("tess", "Done: the words stand in the thread of #1001.")
    card = await office.card_of(1001, says="Text")
    assert "Claim" in buttons(card)
    await office.thread_says(1001, "quisiera refinanciar")
    await office.told("maya", "Claim")
    await office.told("tess", "Whose words these are is settled")
    assert await office.texts_to("+15125550177") == []  # whoever waits for an answer is not greeted

    await office.presses("maya", "Claim", 1001)
    await office.told("maya", "Yours: #1001", "(512) 555-0177")
    assert (await lead_of(office, 1001)).details["language"] == "es"
    await office.types("maya", "/lead text 1001 Hola, soy Maya.")
    await office.thread_says(1001, "Delivered")  # they wrote first, which is all that they agreed to
    assert [(each.given, (each.text or "").partition(":")[0]) for each in office.all(Consent)] == [(None, "Inbound inquiry only")]


async def test_of_two_who_answer_at_once_the_first_makes_the_only_lead(texting_office: Office) -> None:
    office = texting_office
    await office.borrower_texts("Do you do VA loans?", number="+15125550177")
    asked = await office.told("tess", "VA loans")

    await asyncio.gather(office.presses_on(asked, "tess", "New lead"), office.presses_on(asked, "tess", "Not ours"))

    await office.hears("tess", "You said already whose words these are.")
    await office.hears("tess", "Done: ")
    await office.told("tess", "Whose words these are is settled")
    placed = "Done: the words stand in" in f"{await office.whispers_to('tess', 'D0TESS')}"
    assert [each.id for each in office.all(Lead)] == ([1001] if placed else [])


async def test_a_config_that_is_applied_later_keeps_the_leads_that_texted_first(texting_office: Office) -> None:
    office = texting_office
    await office.borrower_texts("Do you do VA loans?", number="+15125550177")
    await office.presses_on(await office.told("tess", "VA loans"), "tess", "New lead")
    await office.card_of(1001)
    services = office.services
    assert services is not None

    config = services.in_force.config
    applied = await services.store.transact(apply_config, config, by="test", at=services.clock.now(), salt="salt")

    assert applied.changes == ()
    assert [source.active for source in office.all(Source) if source.key == "text"] == [True]


async def test_one_of_us_who_texts_from_their_own_phone_is_told_so_and_nobody_else_is_asked(texting_office: Office) -> None:
    office = texting_office
    lead = await office.lead_arrives()

    await office.borrower_texts("Running late, tell Dana to stop by at 5", number="+15125550102")

    await office.told("luis", "You texted our number from your own phone.", "Running late")
    await office.until(office.nothing_is_owed, "everything shown")
    assert await office.thread_of(lead) == []
    assert "Running late" not in f"{await office.direct_messages('tess')} {await office.direct_messages('cora')}"


async def test_an_officer_whose_phone_is_on_a_lead_is_that_borrower(texting_office: Office) -> None:
    office = texting_office
    lead = await office.lead_arrives(first_name="Luis", last_name="Ortega", phone="(512) 555-0102", email="luis@home.example")

    await office.borrower_texts("It is about my own house", number="+15125550102")

    await office.thread_says(lead, "It is about my own house")
    assert "from your own phone" not in f"{await office.direct_messages('luis')}"


async def lead_of(office: Office, number: int) -> LeadView:
    assert office.services is not None
    found = await office.services.store.read(lead_view, number)
    assert found is not None
    return found


@pytest.mark.fault(52)
async def test_words_put_into_the_wrong_thread_are_taken_out_and_asked_about_again(texting_office: Office) -> None:
    office = texting_office
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.borrower_texts("It is about my own car", number="+15125550177")
    asked = await office.told("tess", "It is about my own car")
    await office.presses_on(asked, "tess", "Co-borrower of...")
    await office.writes_on_screen("tess", "lead", f"#{lead}")
    await office.thread_says(lead, "It is about my own car")
    await office.told("maya", "It is about my own car")

    await office.presses_on_screen("tess", "Undo")

    await office.screen_of("tess", says="I ask again whose they are.")
    await office.told("tess", "from a number I do not know", "It is about my own car")
    await office.thread_says(lead, "Words that somebody else wrote stood here by mistake.")
    assert "my own car" not in f"{await office.thread_of(lead)}"
    await office.until(lambda: _owner_reads_no(office, "my own car"), "an owner who reads nothing of it any more")
    await office.types("maya", f"/lead show {lead}")
    assert "my own car" not in await office.hears("maya", "they texted")


async def _owner_reads_no(office: Office, words: str) -> bool:
    return words not in f"{await office.direct_messages('maya')}"


async def test_what_was_said_to_be_nobodys_is_asked_about_again(texting_office: Office) -> None:
    office = texting_office
    await office.borrower_texts("Your parcel waits", number="+15125550178")
    asked = await office.told("tess", "Your parcel waits")
    await office.presses_on(asked, "tess", "Not ours")
    await office.hears("tess", "Done: the words stay out of every thread. You can undo this for 10 minutes.")
    [done] = [each for each in await office.messages("D0TESS") if "stay out of every thread" in f"{each}"]

    await office.presses_on(done, "tess", "Undo")

    await office.hears("tess", "I ask again whose they are.")
    await office.told("tess", "from a number I do not know", "Your parcel waits")
