"""Nobody is free: who leads books a time with the borrower; the lead is quiet until then, then it rings again."""

from tests.doubles.office import Office
from tests.doubles.shown import buttons, words


async def nobody_free(office: Office) -> int:
    """A lead in Oklahoma that Maya passed on and Tess too, who leads: there is nobody else licensed there."""
    lead = await office.lead_arrives(property_state="OK", property_city="Tulsa", property_zip="74103")
    for who in ("maya", "tess"):
        await office.presses(who, "Pass", lead, choose="Busy for 15 minutes")
    told = await office.told("tess", f"Nobody free for #{lead}")
    assert buttons(told) == ["Take", "Assign", "Book a time"]
    return lead


async def booked_by_tess(office: Office, lead: int, typed: str = "4:30pm") -> None:
    await office.presses_in_direct("tess", "Book a time", lead)
    await office.screen_of("tess", says="When do they expect a call?")
    await office.fills_in("tess", when=typed)


async def test_a_booked_lead_is_quiet_until_its_time_and_then_rings_again(any_office: Office) -> None:
    office = any_office
    lead = await nobody_free(office)

    await booked_by_tess(office, lead)

    await office.screen_of("tess", says="#1001 is quiet until")
    await office.card_of(lead, says="Booked for 4:30 pm CT by Tess Lindqvist")
    await office.told("tess", f"#{lead} is booked for Tuesday", "4:30 pm CT by Tess Lindqvist. It rings again then.")
    await office.skip(hours=4, minutes=29)
    await office.until(office.nothing_is_owed, "everything shown")
    said = [*await office.direct_messages("tess"), *await office.direct_messages("sam"), *await office.direct_messages("maya")]
    assert not [each for each in said if "Nobody has taken" in each or "Your turn" in each]

    await office.skip(minutes=2)

    rung = await office.told("maya", "callable till", "Booked for 4:30 pm CT by Tess Lindqvist")
    assert buttons(rung) == ["Claim", "Pass"]
    await office.card_of(lead, says="Booked for 4:30 pm CT by Tess Lindqvist")
    await office.skip(minutes=5)
    await office.told("tess", f"Nobody has taken #{lead}")


async def test_when_its_time_comes_and_still_nobody_may_take_it_who_promised_hears_of_it_once(office: Office) -> None:
    lead = await office.lead_arrives(property_state="NY", property_city="Albany", property_zip="12207")
    await office.told("tess", f"Nobody on Austin may take #{lead}")
    await booked_by_tess(office, lead, "3pm")
    await office.card_of(lead, says="Booked for 3:00 pm CT")

    await office.skip(hours=3, minutes=1)

    await office.told("tess", f"Nobody on Austin may take #{lead}", "Booked for 3:00 pm CT by Tess Lindqvist")
    await office.until(office.nothing_is_owed, "everything shown")
    assert f"{await office.direct_messages('tess')}".count("Nobody on Austin") == 1


async def test_who_promised_hears_that_the_time_has_come_where_it_rings_others(office: Office) -> None:
    lead = await office.lead_arrives(property_state="OK", property_city="Tulsa", property_zip="74103")
    await office.presses("maya", "Pass", lead, choose="Busy for 15 minutes")
    await office.presses("tess", "Pass", lead, choose="Not my product")
    await booked_by_tess(office, lead)
    await office.card_of(lead, says="Booked for 4:30 pm CT")

    await office.skip(hours=4, minutes=31)

    told = await office.told("tess", f"You promised Dana R. a call now, and nobody has #{lead}")
    assert buttons(told) == ["Take", "Assign"]
    await office.told("maya", "callable till", "Booked for 4:30 pm CT by Tess Lindqvist")
    await office.until(office.nothing_is_owed, "everything shown")
    assert f"{await office.direct_messages('tess')}".count("You promised") == 1


async def test_whoever_claims_it_before_is_reminded_and_need_not_call_until_then(any_office: Office) -> None:
    office = any_office
    lead = await nobody_free(office)
    await booked_by_tess(office, lead)
    await office.card_of(lead, says="Booked for 4:30 pm CT")

    await office.presses("maya", "Claim", lead)

    await office.told("maya", f"Yours: #{lead}", "4:30 pm CT")
    await office.skip(hours=4)
    await office.until(office.nothing_is_owed, "everything shown")
    await office.card_of(lead, says="Maya Torres has it")
    assert "waits for your call" not in f"{await office.direct_messages('maya')}"

    await office.skip(minutes=31)

    await office.told("maya", f"#{lead} Dana R. wants your call back now")
    await office.skip(minutes=5)
    await office.told("maya", "waits for your call")


async def test_a_booking_can_be_undone_and_then_it_rings_at_once(office: Office) -> None:
    lead = await nobody_free(office)
    await booked_by_tess(office, lead)
    await office.screen_of("tess", says="is quiet until")
    await office.skip(minutes=9)

    await office.presses_on_screen("tess", "Undo")

    await office.screen_of("tess", says=f"Undone. #{lead} is as it was before.")
    await office.told("tess", f"Nobody free for #{lead}")
    await office.until(office.nothing_is_owed, "everything shown")
    assert "Booked" not in words(await office.card_of(lead))


async def test_a_time_at_which_nobody_calls_is_not_booked_and_the_next_one_is_named(office: Office) -> None:
    lead = await nobody_free(office)

    await booked_by_tess(office, lead, "9:30pm")

    async def told() -> bool:
        return "Nobody may call then: the next time is Wednesday" in f"{await office.errors_before('tess')}"

    await office.until(told, "an error at the field")
    assert "Booked" not in words(await office.card_of(lead))


async def test_a_lead_that_somebody_took_meanwhile_is_not_booked(office: Office) -> None:
    lead = await nobody_free(office)
    await office.presses_in_direct("tess", "Book a time", lead)
    await office.screen_of("tess", says="When do they expect a call?")
    await office.presses("maya", "Claim", lead)
    await office.card_of(lead, says="Maya Torres has it")

    await office.fills_in("tess", when="4:30pm")

    await office.screen_of("tess", says=f"#{lead} is with Maya Torres already, so there is nothing to book.")


async def test_only_who_leads_the_team_may_book(office: Office) -> None:
    lead = await nobody_free(office)
    await office.presses_in_direct("tess", "Book a time", lead)
    await office.screen_of("tess", says="When do they expect a call?")
    await office.becomes("tess", "officer")

    await office.fills_in("tess", when="4:30pm")

    await office.screen_of("tess", says="As loan officer you cannot do this.")
    assert "Booked" not in words(await office.card_of(lead))
