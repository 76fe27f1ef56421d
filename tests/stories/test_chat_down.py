"""Chat is down while a lead rings: officers on duty are texted, one of them claims by text, and the channel reads of it afterwards."""

import asyncio

import pytest

from bot.store.outages import HEARD, LifeSign
from tests.doubles.office import Office
from tests.doubles.shown import words
from tests.doubles.workplace import LEADS

PHONES = {"maya": "+15125550101", "luis": "+15125550102", "priya": "+15055550103", "tess": "+15125550105"}
SAM = "+15125550106"


async def alarmed(office: Office, lead: int) -> list[str]:
    """Which three were texted to claim this lead, in the order of their names."""

    async def three() -> list[str]:
        told = [who for who, phone in PHONES.items() if any(f"Reply {lead} to claim" in text for text in await office.texts_to(phone))]
        return sorted(told) if len(told) == 3 else []

    return await office.until(three, f"three texts about {lead}")


async def reads(office: Office, phone: str, part: str) -> str:
    async def there() -> str | None:
        return next((text for text in await office.texts_to(phone) if part in text), None)

    return await office.until(there, f"a text that says {part!r}")


async def channel_reads(office: Office, part: str) -> str:
    async def there() -> str | None:
        return next((said for said in map(words, await office.messages(LEADS)) if part in said), None)

    return await office.until(there, f"a message in the channel that says {part!r}")


async def goes_down_with_a_lead(office: Office) -> int:
    await office.slack_fault("error_5xx", method="chat.postMessage", times=10_000)
    lead = await office.lead_arrives()
    await office.two_minutes_passed_for_chat()
    return lead


async def comes_back(office: Office) -> None:
    await office.slack_heals()
    await office.a_minute_passes_for_the_store()


@pytest.mark.fault(21)
async def test_while_slack_is_down_three_officers_are_texted_one_claims_by_text_and_the_channel_reads_of_it(texting_office: Office) -> None:
    office = texting_office
    lead = await goes_down_with_a_lead(office)

    told = await alarmed(office, lead)

    quick, slow, _ = told
    [text] = await office.texts_to(PHONES[quick])
    assert text == f"Slack is down. Lead {lead}: purchase, TX, grade A. Reply {lead} to claim."
    await office.borrower_texts(f"{lead}", number=PHONES[quick])
    yours = await reads(office, PHONES[quick], "Yours")
    assert yours.startswith(f"Yours: #{lead} Dana Rowe, (512) 555-0100, OK to call until 8:00 pm CT.")
    await office.borrower_texts(f"Claim {lead}", number=PHONES[slow])
    assert f"#{lead} is theirs" in await reads(office, PHONES[slow], "quicker")
    assert "Slack has shown nothing" in await reads(office, SAM, "Leadbell:")
    await comes_back(office)
    said = await channel_reads(office, "Slack was away")
    assert "min; 1 lead was offered by text, " in said and said.endswith("1 claimed that way.")
    await office.card_of(lead, says="has it")
    assert {len(await office.texts_to(PHONES[who])) for who in told} == {1, 2}  # about the lead, and the answer to who wrote


async def test_of_a_text_and_a_button_at_once_one_wins(texting_office: Office) -> None:
    office = texting_office
    lead = await office.lead_arrives()
    fresh = await office.card_of(lead)
    await nobody_hears(office)
    [texter, *_] = await alarmed(office, lead)
    presser = next(who for who in ("maya", "luis", "priya", "tess") if who != texter)
    await office.slack_heals()
    await heard_again(office)

    await asyncio.gather(office.borrower_texts(f"{lead}", number=PHONES[texter]), office.presses_on(fresh, presser, "Claim"))

    names = {"maya": "Maya Torres", "luis": "Luis Ortega", "priya": "Priya Nair", "tess": "Tess Lindqvist"}
    card = words(await office.card_of(lead, says="has it"))
    if f"{names[texter]} has it" in card:
        await reads(office, PHONES[texter], "Yours")
        await office.hears(presser, f"#{lead} is theirs")
    else:
        assert f"{names[presser]} has it" in card
        await reads(office, PHONES[texter], f"#{lead} is theirs")


async def nobody_hears(office: Office) -> None:
    """Slack lets nobody open a connection any more; it shows what is posted. Until then it was heard."""

    async def was_heard() -> bool:
        return any(sign.place_id == HEARD for sign in office.all(LifeSign))

    await office.until(was_heard, "a sign of life")
    await office.closes()
    await office.slack_fault("error_5xx", method="apps.connections.open", times=10_000)
    await office.opens(listening=False)
    await office.two_minutes_passed_for_chat()


async def heard_again(office: Office) -> None:
    async def hears() -> bool:
        assert office.services is not None
        return await office.services.platforms["slack"].listening()

    await office.until(hears, "a Leadbell that hears")


async def test_an_archived_channel_sends_its_leads_by_text_and_the_manager_hears_of_it(texting_office: Office) -> None:
    office = texting_office
    await office.slack_fault("channel_archived", channel=LEADS)
    lead = await office.lead_arrives()
    await office.until(lambda: names_the_channel(office), "readyz that names the channel")
    await office.two_minutes_passed_for_chat()

    [who, *_] = await alarmed(office, lead)

    assert (await office.texts_to(PHONES[who]))[0].startswith(f"Leads do not show in #leads. Lead {lead}: purchase, TX")
    await office.is_told("sam", "is closed to me, so its leads go to officers by text.")
    assert "#leads in Slack is closed to me" in await reads(office, SAM, "Leadbell:")
    await comes_back(office)
    assert "This channel was away" in await channel_reads(office, "was away")


async def names_the_channel(office: Office) -> bool:
    return "is_archived" in f"{await office.get('/readyz')}"


async def test_a_restart_in_the_middle_texts_nobody_twice(texting_office: Office) -> None:
    office = texting_office
    lead = await goes_down_with_a_lead(office)
    told = await alarmed(office, lead)
    before = {who: await office.texts_to(PHONES[who]) for who in told}

    await office.closes()
    await office.opens(listening=False)
    other = await office.lead_arrives(first_name="Marcus", phone="(512) 555-0177", email=None)
    await office.two_minutes_passed_for_chat()
    await alarmed(office, other)

    for who in told:
        assert [text for text in await office.texts_to(PHONES[who]) if f"Lead {lead}:" in text] == before[who]
    await comes_back(office)
    said = await channel_reads(office, "2 leads were offered by text, ")
    assert said.endswith("0 claimed that way.")


async def test_who_reads_no_text_is_called_a_minute_later_and_claims_by_pressing_one(texting_office: Office) -> None:
    office = texting_office
    lead = await goes_down_with_a_lead(office)
    [quick, *_] = await alarmed(office, lead)
    await office.skip(minutes=1)

    await office.answers_and_presses(PHONES[quick])

    number = " ".join(str(lead))
    await office.phone_says(PHONES[quick], f"Slack is down. Lead {number}, purchase in Texas", "Press 1 to take it.")
    await office.phone_says(PHONES[quick], f"Lead {number} is yours. Its name and number come by text.")
    assert (await reads(office, PHONES[quick], "Yours")).startswith(f"Yours: #{lead} Dana Rowe, (512) 555-0100")
    await comes_back(office)
    said = await channel_reads(office, "Slack was away")
    assert said.endswith("1 lead was offered by text, 1 of them by phone too, 1 claimed that way.")


@pytest.mark.fault(56)
async def test_other_words_get_a_hint_and_are_no_borrowers(texting_office: Office) -> None:
    office = texting_office
    lead = await goes_down_with_a_lead(office)
    [who, *_] = await alarmed(office, lead)

    await office.borrower_texts("who is this?", number=PHONES[who])

    assert "reply with its number alone" in await reads(office, PHONES[who], "To claim a lead")
    await comes_back(office)
    await office.card_of(lead)
    assert not any("texted" in line for line in await office.thread_of(lead))


async def emails_about(office: Office, address: str, says: str) -> list[str]:
    """The emails at this address that say so, once there is one."""

    async def found() -> list[str]:
        return [f"{email}" for email in await office.emails_to(address) if says in f"{email}"]

    return await office.until(found, f"an email to {address} that says {says!r}")


@pytest.mark.fault(23)
async def test_whoever_runs_leadbell_reads_of_a_channel_that_was_closed_by_email_once_and_when_it_is_open_again(
    emailing_office: Office,
) -> None:
    office = emailing_office
    await office.slack_fault("channel_archived", channel=LEADS)
    for number in range(2):
        await office.lead_arrives(phone=f"(512) 555-011{number}", email=None)
    await office.until(lambda: names_the_channel(office), "readyz that names the channel")
    await office.two_minutes_passed_for_chat()

    [closed] = await emails_about(office, "sam@acme.example", "#leads in Slack is closed to me")

    assert "Nobody sees its leads there meanwhile." in closed and "Unarchive it and invite me" in closed
    await office.is_told("sam", "so nobody sees its leads there.")
    await comes_back(office)
    await emails_about(office, "sam@acme.example", "#leads in Slack is open to me again")
    assert len(await emails_about(office, "sam@acme.example", "is closed to me")) == 1
