"""Nobody is shown a number that may not be called now."""

from datetime import time

from tests.doubles.office import Office
from tests.doubles.shown import buttons, words


async def test_late_in_the_evening_the_card_says_from_when_it_may_be_called(office: Office) -> None:
    await office.clock_says(time(21, 40))

    lead = await office.lead_arrives()

    assert "callable from 9 am CT" in words(await office.card_of(lead))


async def test_late_in_the_evening_the_winner_gets_no_number(office: Office) -> None:
    await office.clock_says(time(21, 40))
    lead = await office.lead_arrives()

    await office.presses("maya", "Claim", lead)

    told = await office.is_told("maya", "Yours: #1001 Dana Rowe.", "Not yet: OK to call from 9:00 am CT.")
    assert not any(number in told for number in ("555", "tel:"))
    assert "Say:" not in told


async def test_the_last_minute_counts_and_the_next_one_does_not(office: Office) -> None:
    await office.clock_says(time(19, 58))
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.is_told("maya", "OK to call until 8:00 pm CT.")

    await office.clock_says(time(20, 0))
    other = await office.lead_arrives(first_name="Marcus", phone="(512) 555-0177", email=None)
    await office.presses("maya", "Claim", other)

    await office.is_told("maya", f"Yours: #{other}", "Not yet")


async def test_a_phone_from_elsewhere_narrows_the_window_to_what_both_clocks_allow(office: Office) -> None:
    lead = await office.lead_arrives(phone="(619) 555-0100")  # San Diego

    card = words(await office.card_of(lead))

    assert "callable till 8 pm CT" in card
    await office.clock_says(time(9, 30))  # 7:30 in San Diego
    other = await office.lead_arrives(first_name="Marcus", phone="(619) 555-0177", email=None)
    assert "callable from 9 am PT" in words(await office.card_of(other))


async def test_a_borrower_without_a_phone_is_written_to(office: Office) -> None:
    lead = await office.lead_arrives(phone=None)

    assert "email only" in words(await office.card_of(lead))
    await office.presses("maya", "Claim", lead)
    await office.is_told("maya", "No phone number came with it. Write to <mailto:dana.rowe@example.com|dana.rowe@example.com>.")


async def test_when_the_window_closes_the_card_and_the_owner_s_message_say_so_and_the_number_goes(any_office: Office) -> None:
    office = any_office
    await office.clock_says(time(19, 58))
    free, owned = await office.lead_arrives(), await office.lead_arrives(first_name="Marcus", phone="(512) 555-0177", email=None)
    await office.presses("maya", "Claim", owned)
    await office.is_told("maya", f"Yours: #{owned}", "(512) 555-0177", "OK to call until 8:00 pm CT.")
    await office.card_of(free, says="callable till 8 pm CT")
    await office.is_told("luis", "callable till 8 pm CT")

    await office.clock_says(time(20, 0))

    await office.card_of(free, says="callable from 9 am CT")
    assert "555" not in await office.is_told("maya", f"Yours: #{owned}", "Not yet: OK to call from 9:00 am CT.")
    await office.is_told("luis", "callable from 9 am CT")


async def test_when_it_opens_again_the_card_and_the_owner_who_has_not_called_read_it(office: Office) -> None:
    await office.clock_says(time(21, 40))
    free, owned = await office.lead_arrives(), await office.lead_arrives(first_name="Marcus", phone="(512) 555-0177", email=None)
    await office.presses("maya", "Claim", owned)
    await office.is_told("maya", f"Yours: #{owned}", "Not yet")
    await office.card_of(free, says="callable from 9 am CT")

    await office.skip(hours=11, minutes=20)

    await office.card_of(free, says="callable till 8 pm CT")
    await office.is_told("maya", f"Yours: #{owned}", "(512) 555-0177", "OK to call until 8:00 pm CT.")


async def test_a_lead_whose_borrower_was_called_is_not_redrawn_each_morning(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.is_told("maya", "Yours: #1001", "OK to call until 8:00 pm CT.")
    await office.logs("maya", lead, "Connected")
    await office.thread_says(lead, "Maya Torres: Connected.")
    await office.skip(hours=8)
    await office.is_told("maya", "Yours: #1001", "Not yet")
    await office.until(office.nothing_is_owed, "everything shown")
    redrawn = len(await office.calls("chat.update"))

    await office.skip(hours=13)

    await office.until(office.nothing_is_owed, "everything shown")
    assert len(await office.calls("chat.update")) == redrawn


async def test_who_is_in_another_zone_is_told_of_on_both_clocks_and_may_be_reminded(office: Office) -> None:
    await office.clock_says(time(8, 30))  # 6:30 in Phoenix
    lead = await office.lead_arrives(phone="(602) 555-0177")

    await office.presses("maya", "Claim", lead)

    told = await office.told("maya", f"Yours: #{lead}", "Not yet: OK to call from 9:00 am MST (11:00 am CT yours).")
    assert "Remind me then" in buttons(told)
