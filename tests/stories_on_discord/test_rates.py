"""Rates in Discord: a manager sets one, and the officer whose borrower pays more reads once whom to call, with what it would save."""

from typing import Any

from bot.store.rates import RateWatch
from tests.doubles.discord_office import DiscordOffice, labels_of, read
from tests.doubles.rows import rows


async def typed(office: DiscordOffice, who: str, command: str, **fields: Any) -> str:
    return read(await office.types(who, command, **fields))


async def claimed(office: DiscordOffice) -> int:
    """A lead of Maya's who refinances."""
    lead = await office.lead_arrives(loan_purpose="refinance", mortgage_balance="310000")
    await office.presses("maya", await office.card_of(lead), "claim")
    await office.is_told("maya", f"Yours: #{lead}")
    return lead


async def test_the_officer_reads_once_whom_to_call_and_opens_the_lead_from_there(office: DiscordOffice) -> None:
    async def is_told_of() -> bool:
        return any(each.told_at is not None for each in rows(office.services.store, RateWatch))

    lead = await claimed(office)
    assert f"#{lead} pays 7.25% on $310,000" in await typed(office, "maya", "rate note", lead=str(lead), rate="7.25 310000")
    assert "30-year is at 6.25% now." in await typed(office, "sam", "rate set", rate="30y 6.25")
    office.skip(minutes=10)
    await office.until(is_told_of, "a lead that is told of")
    office.skip(minutes=3)

    told = await office.is_told(
        "maya", "Rates are where a talk is worth it with 1 lead of yours", f"#{lead} Dana R.", "about $206 less a month", "they pay 7.25%"
    )
    assert labels_of(told) == [f"#{lead}"]
    assert "Dana Rowe" in read(office.answer_of(await office.presses("maya", told, "open")))
    assert "about $206 less a month" in await typed(office, "maya", "rate list")


async def test_everybody_reads_the_rates_of_today_and_only_a_manager_sets_one(office: DiscordOffice) -> None:
    assert "No rate is set yet." in await typed(office, "maya", "rate show")
    assert "This takes the role manager" in await typed(office, "tess", "rate set", rate="30y 6.25")
    assert "I did not understand that rate" in await typed(office, "sam", "rate set", rate="six")
    await typed(office, "sam", "rate set", rate="30y 6.25")

    shown = await typed(office, "cora", "rate show")
    assert shown.startswith("30-year: 6.25% since Tuesday,") and shown.endswith("12:00 pm CT; set by Sam Whitaker")


async def test_a_borrower_waits_for_a_rate_and_no_more(office: DiscordOffice) -> None:
    lead = await claimed(office)
    assert f"#{lead} waits for 30-year at 6.00%." in await typed(office, "maya", "rate target", lead=str(lead), rate="30y 6.0")
    assert f"#{lead} is with Maya Torres" in await typed(office, "luis", "rate target", lead=str(lead), rate="30y 6.5")

    assert await typed(office, "maya", "rate target", lead=str(lead)) == (
        f"#{lead}: waits for 6.00%; worth a talk once 30-year is at 6.00%."
    )
    assert f"#{lead} waits for no rate any more." in await typed(office, "maya", "rate forget", lead=str(lead))
