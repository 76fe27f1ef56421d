"""Rates: a manager sets one, and the officer whose borrower pays more reads once whom to call, with what it would save."""

from functools import partial

from bot.store.outbound import ContactAttempt
from bot.store.rates import RateWatch
from tests.doubles.office import Office
from tests.doubles.shown import buttons
from tests.stories.conftest import OpenOffice

REFINANCE = {"loan_purpose": "refinance", "mortgage_balance": "310000"}


async def claimed(office: Office) -> int:
    """A lead of Maya's who refinances."""
    lead = await office.lead_arrives(**REFINANCE)
    await office.presses("maya", "Claim", lead)
    await office.told("maya", f"Yours: #{lead}")
    return lead


async def falls_to(office: Office, words: str) -> None:
    """Sam sets a rate, it settles, and whoever waits for it is told of."""
    await office.types("sam", f"/rate set {words}")
    await office.hears("sam", "Nobody is told before 10 minutes have passed")
    await office.skip(minutes=10)
    await office.until(partial(is_told_of, office), "a lead that is told of")
    await office.skip(minutes=3)


async def is_told_of(office: Office) -> bool:
    return any(each.told_at is not None for each in office.all(RateWatch))


async def is_tried(office: Office) -> bool:
    return bool(office.all(ContactAttempt))


async def test_the_officer_reads_once_whom_to_call_and_opens_the_lead_from_there(any_office: Office) -> None:
    office = any_office
    lead = await claimed(office)
    await office.types("maya", f"/rate note {lead} 7.25 310000")
    await office.hears("maya", f"#{lead} pays 7.25% on $310,000: worth a talk once 30-year is at 6.75%. No rate is set for it yet.")

    await falls_to(office, "30y 6.25")

    told = await office.told(
        "maya",
        "Rates are where a talk is worth it with 1 lead of yours",
        f"#{lead} Dana R.",
        "about $206 less a month on $310,000, even after 31 months at costs of 2%; 30-year is at 6.25%, they pay 7.25%",
    )
    assert buttons(told) == ["Open"]
    assert "6.25" not in told["text"] and "Rowe" not in str(told), "a locked phone shows no figure, and nobody a whole name"
    await office.presses_on(told, "maya", "Open")
    await office.screen_of("maya", says="Dana Rowe")
    await office.types("maya", "/rate list")
    await office.hears("maya", "about $206 less a month")
    await office.logs("maya", lead, "No answer")
    await office.until(partial(is_tried, office), "a try that is kept")
    await office.types("maya", "/rate list")
    await office.hears("maya", "Nobody of yours is to be called about rates now.")


async def test_everybody_reads_the_rates_of_today_and_only_a_manager_sets_one(office: Office) -> None:
    await office.types("maya", "/rate")
    await office.hears("maya", "No rate is set yet.")
    await office.types("tess", "/rate set 30y 6.25")
    await office.hears("tess", "This takes the role manager; yours is team lead. Nothing changed.")
    await office.types("sam", "/rate set 30y six")
    await office.hears("sam", "I did not understand that rate, so nothing changed.")
    await office.types("sam", "/rate set 30y 6.25")
    await office.hears("sam", "30-year is at 6.25% now.")
    await office.types("sam", "/rate set 30y 2.65")
    await office.hears("sam", "more than a point away, so nothing changed. If you mean it: /rate set 30y 2.65 sure")
    await office.types("sam", "/rate set 30y 6.125%")
    await office.hears("sam", "30-year is at 6.125% now, after 6.25%.")

    await office.types("cora", "/rate")

    await office.hears("cora", "30-year: 6.125% since Tuesday,", "6.25% before; set by Sam")


async def test_a_borrower_waits_for_a_rate_and_no_more(office: Office) -> None:
    lead = await claimed(office)
    await office.types("maya", f"/rate target {lead} soon")
    await office.hears("maya", f"nothing changed for #{lead}", f"/rate target {lead} 30y 6.0")
    await office.types("maya", f"/lead target {lead} 30y 6.0")
    await office.hears("maya", f"#{lead} waits for 30-year at 6.00%. No rate is set for it yet.")
    await office.types("luis", f"/rate target {lead} 30y 6.5")
    await office.hears("luis", f"#{lead} is with Maya Torres")

    await office.types("maya", f"/rate target {lead}")
    await office.hears("maya", f"#{lead}: waits for 6.00%; worth a talk once 30-year is at 6.00%.")

    await office.types("maya", f"/rate forget {lead}")

    await office.hears("maya", f"#{lead} waits for no rate any more.")


async def test_who_moves_a_lead_to_funded_is_asked_for_the_rate_that_they_pay_now(office: Office) -> None:
    lead = await claimed(office)
    await office.types("maya", f"/stage {lead} funded")
    await office.hears("maya", f"#{lead} becomes funded")
    await office.presses("maya", "Yes, end it", lead)

    await office.hears("maya", f"#{lead} is now funded. Keep the rate that they pay now", f"/rate note {lead} 6.25 315000")


async def test_who_reads_spanish_reads_it_in_spanish(changed_office: OpenOffice) -> None:
    async with changed_office({"    email: maya@acme.example\n": "    email: maya@acme.example\n    language: es\n"}) as office:
        lead = await office.lead_arrives(**REFINANCE)
        await office.types("maya", f"/lead claim {lead}")
        await office.card_of(lead, says="Maya Torres")
        await office.types("maya", f"/rate note {lead} 7.25 310000")
        await office.hears("maya", f"#{lead} paga 7.25% sobre $310,000: vale la pena hablar cuando 30 años esté en 6.75%.")

        await falls_to(office, "30y 6.25")

        await office.told("maya", "Las tasas están donde vale la pena hablar con 1 lead tuyo", "unos $206 menos al mes sobre $310,000")
