"""A borrower writes Spanish to an owner who does not speak it: three ways to go on, the same clocks, and nothing guessed from a name."""

from typing import Any

import pytest

from tests.doubles.office import Office
from tests.doubles.shown import buttons, words
from tests.doubles.texts import AGREED

HOLA = "Hola, quisiera saber cuanto seria mi pago. Puede llamarme manana?"


async def claimed_by(who: str, office: Office, **fields: Any) -> int:
    lead = await office.lead_arrives(**AGREED, **fields)
    await office.presses(who, "Claim", lead)
    await office.told(who, f"Yours: #{lead}")
    return lead


async def test_an_owner_without_spanish_is_offered_a_template_a_colleague_or_english(texting_office: Office) -> None:
    office = texting_office
    await claimed_by("maya", office)

    await office.borrower_texts(HOLA)

    told = await office.told("maya", "#1001 Dana R. texted:", "Writes in Spanish.")
    assert buttons(told) == ["Reply in Spanish", "Hand to Luis", "Continue in English", "Log"]
    await office.card_of(1001, says="Dana R. has been waiting since 12:")  # the clock runs as ever


async def test_a_spanish_template_stands_beside_its_english(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by("maya", office)
    await office.borrower_texts(HOLA)
    told = await office.told("maya", "Writes in Spanish.")
    await office.presses_on(told, "maya", "Reply in Spanish")
    assert "from (512) 555-0199, in Spanish" in await office.screen_of("maya", says="OK to text until")

    await office.presses_on_screen("maya", "Begin with a template", choose="Back to you soon")

    await office.screen_of("maya", says="In English: Thank you, Dana. I will get back to you today.")
    assert "Gracias, Dana. Le respondo hoy mismo." in f"{(await office.see('views/U0MAYA'))['modal']}"
    await office.texts_on_screen("maya", "Gracias, Dana. Le respondo hoy mismo.")
    await office.thread_says(lead, "Delivered")


async def test_a_colleague_who_speaks_spanish_gets_the_lead_and_the_borrower_waits_since_then_as_before(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by("maya", office)
    await office.logs("maya", lead, "Connected")
    await office.thread_says(lead, "Maya Torres: Connected.")
    await office.borrower_texts(HOLA)
    told = await office.told("maya", "Writes in Spanish.")

    await office.presses_on(told, "maya", "Hand to Luis")

    await office.hears("maya", f"#{lead} is Luis Ortega's now.")
    await office.told("luis", f"Yours: #{lead}")
    await office.card_of(lead, says="Dana R. has been waiting since 12:")
    await office.presses("luis", "Text", lead)
    assert "in Spanish" in await office.screen_of("luis", says="OK to text until")


async def test_who_goes_on_in_english_is_not_asked_again(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by("maya", office)
    await office.borrower_texts(HOLA)
    await office.presses_on(await office.told("maya", "Writes in Spanish."), "maya", "Continue in English")
    await office.hears("maya", f"#{lead}: noted, it goes on in English.")

    await office.borrower_texts("Tambien quiero saber la tasa, por favor")

    again = await office.told("maya", "Tambien quiero saber la tasa")
    assert buttons(again) == ["Text", "Log"]
    assert "Spanish" not in words(again)
    await office.presses_on(again, "maya", "Text")
    assert "in Spanish" not in await office.screen_of("maya", says="OK to text until")
    await office.card_of(lead, says="has been waiting since")


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"first_name": "Guadalupe", "last_name": "Hernandez"}, "Hi, can you call me about the rate please?"),
        ({"first_name": "Jose", "last_name": "De La Cruz"}, "ok"),
    ],
)
async def test_a_name_is_no_language(texting_office: Office, fields: dict[str, str], text: str) -> None:
    office = texting_office
    await claimed_by("maya", office, **fields)

    await office.borrower_texts(text)

    told = await office.told("maya", "texted", text)
    assert buttons(told) == ["Text", "Log"]


async def test_spanish_that_was_asked_for_in_the_form_is_told_too(texting_office: Office) -> None:
    office = texting_office
    await claimed_by("maya", office, language="Spanish")

    await office.borrower_texts("ok")

    told = await office.told("maya", "Asked to be answered in Spanish.")
    assert "Hand to Luis" in buttons(told)


async def test_an_owner_who_speaks_it_is_asked_nothing(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by("luis", office)

    await office.borrower_texts(HOLA)

    told = await office.told("luis", "texted:", "quisiera saber")
    assert buttons(told) == ["Text", "Log"]
    await office.presses("luis", "Text", lead)
    assert "in Spanish" in await office.screen_of("luis", says="OK to text until")


async def test_a_colleague_who_may_not_have_the_lead_by_now_does_not_get_it(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by("maya", office)
    await office.borrower_texts(HOLA)
    told = await office.told("maya", "Writes in Spanish.")
    await office.types("luis", "/lead off until monday")
    await office.hears("luis", "off")

    await office.presses_on(told, "maya", "Hand to Luis")

    await office.hears("maya", f"Luis Ortega cannot have #{lead}: off duty.")
    await office.card_of(lead, says="Maya Torres has it")
