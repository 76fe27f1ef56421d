"""A borrower calls our number: it rings who has their lead; where nobody takes it we call back, and the lead waits for that from now on."""

from datetime import time

from bot.rules.phones import read_phone
from bot.store.calls import Call
from bot.store.clocks import Clock
from bot.store.leads import Arrival, Lead
from bot.store.people import Officer, Source
from tests.doubles.office import Office
from tests.doubles.shown import buttons, words
from tests.doubles.workplace import DANAS_NUMBER, MAYAS_NUMBER
from tests.stories.test_texts_out import claimed_by_maya


async def calls_us(office: Office, number: str = DANAS_NUMBER) -> None:
    await office.do("call", **{"from": number})


async def waits(office: Office, kind: str) -> bool:
    return any(clock.kind == kind and clock.due_at is not None for clock in office.all(Clock))


async def test_the_call_rings_who_has_the_lead_and_a_press_of_1_takes_it(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await calls_us(office)

    await office.thread_says(lead, "Dana R. calls.")
    await office.answers_and_presses(MAYAS_NUMBER)
    assert "is calling. Press 1 to talk" in await office.phone_says(MAYAS_NUMBER, "purchase in Texas")
    await office.thread_says(lead, "talks with Maya Torres")
    assert not await waits(office, "uncontacted")
    await office.skip(minutes=3)
    await office.handles_phone(DANAS_NUMBER, "hangs_up")

    await office.thread_says(lead, "Dana R. called and talked with Maya Torres, 3:00")
    await office.is_told("maya", "How did it go?")


async def test_where_nobody_takes_it_the_caller_hears_that_we_call_back_and_the_owner_is_told(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    for officer in await phones(office):
        await office.do("line", number=officer, line="no_answer")

    await calls_us(office)

    await office.phone_says(DANAS_NUMBER, "We call you right back")
    await office.thread_says(lead, "nobody picked up")
    told = await office.told("maya", f"#{lead}", "called, and nobody picked up")
    assert buttons(told)[:2] == ["Call me", "I'm calling"]
    assert await waits(office, "unanswered")
    assert any("wants_call_now" in str(reason) for reason in office.all(Lead)[-1].score_reasons)


async def phones(office: Office) -> list[str]:
    return [number for officer in office.all(Officer) if officer.phone and (number := read_phone(officer.phone))]


async def test_a_voicemail_of_ours_never_takes_the_call(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)
    for officer in await phones(office):
        if officer != MAYAS_NUMBER:
            await office.do("line", number=officer, line="no_answer")

    await calls_us(office)
    await office.phone_rings(MAYAS_NUMBER)
    await office.handles_phone(MAYAS_NUMBER, "picks_up")
    await office.phone_says(MAYAS_NUMBER, "Press 1")
    await office.handles_phone(MAYAS_NUMBER, "presses", "5")

    await office.phone_says(DANAS_NUMBER, "We call you right back")
    await office.thread_says(lead, "nobody picked up")


async def test_who_hangs_up_while_it_rings_is_called_back_too(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)
    await calls_us(office)
    await office.phone_rings(MAYAS_NUMBER)

    await office.handles_phone(DANAS_NUMBER, "hangs_up")

    await office.thread_says(lead, "nobody picked up")
    await office.is_told("maya", "Call back now")


async def test_a_caller_whom_nobody_knows_is_a_new_lead_that_rings_at_once(texting_office: Office) -> None:
    office = texting_office

    await calls_us(office, "+15125550177")

    await office.phone_says("+15125550177", "We call you right back")
    await office.until(lambda: leads(office), "a lead")
    [lead] = office.all(Lead)
    assert lead.id is not None
    await office.card_of(lead.id)
    await office.thread_says(lead.id, "nobody picked up")
    await office.presses("maya", "Claim", lead.id)
    await office.is_told("maya", f"Yours: #{lead.id}")
    [arrival] = office.all(Arrival)
    assert next(source.key for source in office.all(Source) if source.id == arrival.source_id) == "phone"


async def leads(office: Office) -> bool:
    return bool(office.all(Lead))


async def test_a_hidden_number_hears_what_to_do_and_makes_no_lead(office_of_texts: Office) -> None:
    office = office_of_texts

    await calls_us(office, "anonymous")

    await office.phone_says("anonymous", "Your number is hidden")
    assert office.all(Lead) == [] and office.all(Call) == []


async def test_one_of_us_who_calls_is_no_lead(office_of_texts: Office) -> None:
    office = office_of_texts

    await calls_us(office, MAYAS_NUMBER)

    await office.phone_says(MAYAS_NUMBER, "your company's own number")
    assert office.all(Lead) == []


async def test_after_hours_no_phone_of_ours_rings_and_the_lead_waits_for_the_morning(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)
    await office.clock_says(time(21, 30))

    await calls_us(office)

    await office.phone_says(DANAS_NUMBER, "Nobody is here at this hour. We call you back at this number, as soon as we are here")
    await office.thread_says(lead, "nobody picked up")
    assert await office.on_the_phone(MAYAS_NUMBER) == []


async def test_who_called_at_an_hour_at_which_nobody_may_call_them_back_is_called_later(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)
    await office.clock_says(time(21, 30))

    await calls_us(office)

    told = words(await office.told("maya", f"#{lead}", "called, and nobody picked up."))
    assert "Not yet: OK to call from 9 am CT." in told and "Call back now" not in told
