"""Whatever a stranger types is shown as text, and never does anything."""

import pytest

from tests.doubles.hostile import HOSTILE, faults_in, read_by_people
from tests.doubles.office import Office
from tests.doubles.shown import JSON, words
from tests.doubles.workplace import LEADS


async def _lives_through_everything(office: Office, text: str) -> list[JSON]:
    """A lead with this text in every field: shown, asked for again, claimed, opened, given back. All messages and screens of it."""
    fields = {"last_name": text, "property_city": text, "timeline": text, "comments": text, "credit": text}
    lead = await office.lead_arrives("zillow", first_name=f"Dana {text}", **fields)
    seen = [await office.card_of(lead)]
    await office.lead_arrives("lendingtree", first_name=f"Dana {text}", **fields)
    await office.thread_says(lead, "asked again")
    await office.presses("maya", "Claim", lead)
    seen.append(await office.card_of(lead, says="Maya Torres has it"))
    await office.is_told("maya", "Yours")
    seen += await office.messages("D0MAYA")
    for who in ("maya", "luis"):
        await office.presses(who, "Open", lead)
        await office.screen_of(who)
        seen.append((await office.see(f"views/U0{who.upper()}"))["modal"])
    await office.presses("maya", "Give back", lead)
    await office.thread_says(lead, "gave it back")
    return [*seen, *await office.messages(LEADS), *await office.messages("D0MAYA")]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:20]))
@pytest.mark.fault(69)
async def test_hostile_text_is_shown_as_text_and_does_nothing(office: Office, text: str) -> None:
    seen = await _lives_through_everything(office, text)

    assert [fault for message in seen for fault in faults_in(message)] == []
    assert [call["error"] for call in await office.log() if call["direction"] == "from_bot" and not call["ok"]] == []


LETTER_BY_LETTER = ("<!channel>", "{{7*7}}", "*bold*", "=1+1", "https://evil.example", "&lt;!channel&gt;")


async def test_the_owner_reads_each_name_letter_by_letter(office: Office) -> None:
    for number, text in enumerate(LETTER_BY_LETTER):
        lead = await office.lead_arrives(first_name=text, phone=f"(512) 555-011{number}", email=None)
        await office.presses("maya", "Claim", lead)
        told = await office.is_told("maya", f"Yours: #{lead} ")
        assert f"#{lead} {text} Rowe" in read_by_people(told)


SECRETS = (
    "123-45-6789",
    "SSN 123456789",
    "sam.hill@example.com",
    "(512) 555-0199",
    "512.555.0199",
    "+1 512 555 0199",
    "4111 1111 1111 1111",
)


async def test_numbers_and_addresses_in_the_wrong_fields_stay_out_of_the_channel(office: Office) -> None:
    for number, secret in enumerate(SECRETS):
        fields = {"property_city": secret, "timeline": secret, "credit": secret, "last_name": secret, "phone": f"(512) 555-011{number}"}
        lead = await office.lead_arrives("zillow", first_name=f"Dana {secret}", email=None, **fields)
        await office.card_of(lead)
        await office.lead_arrives("lendingtree", first_name=f"Dana {secret}", email=None, **fields)
        await office.thread_says(lead, "asked again")

    shown = [read_by_people(f"{message['text']}\n{words(message)}") for message in await office.messages(LEADS)]
    digits = ["".join(character for character in each if character.isdigit()) for each in shown]
    assert len(shown) == 2 * len(SECRETS)
    for secret in SECRETS:
        assert not any(secret in each for each in shown)
        numbers = "".join(character for character in secret if character.isdigit())
        assert not (numbers and any(numbers in each for each in digits))


@pytest.mark.fault(80)
async def test_a_full_name_a_phone_or_an_email_never_stands_in_the_channel(office: Office) -> None:
    lead = await office.lead_arrives("zillow")
    await office.lead_arrives("lendingtree")
    await office.presses("maya", "Claim", lead)
    await office.card_of(lead, says="Maya Torres has it")
    await office.presses("maya", "Give back", lead)
    await office.thread_says(lead, "gave it back")

    everything = read_by_people(f"{[(message['text'], words(message)) for message in await office.messages(LEADS)]}")

    assert not any(personal in everything for personal in ("Rowe", "555-0100", "5125550100", "dana.rowe"))


async def test_an_odd_email_address_is_shown_as_text_too(office: Office) -> None:
    lead = await office.lead_arrives(email="!channel|*bold*@evil.example")
    await office.presses("maya", "Claim", lead)
    await office.presses("maya", "Open", lead)
    await office.screen_of("maya")

    screen = (await office.see("views/U0MAYA"))["modal"]

    assert faults_in(screen) == []
    assert "!channel|*bold*@evil.example" in read_by_people(words(screen))
