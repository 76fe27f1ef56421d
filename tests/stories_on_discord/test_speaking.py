"""In Discord, an owner without Spanish is offered the same three ways."""

from tests.doubles.discord_office import DiscordOffice, ids_of, read
from tests.stories_on_discord.test_texts_out import claimed_by_maya

HOLA = "Hola, quisiera saber cuanto seria mi pago. Puede llamarme manana?"


async def test_a_lead_is_handed_to_who_speaks_spanish(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    await office.phone.borrower_texts(HOLA)
    told = await office.is_told("maya", "Writes in Spanish.")
    assert [each.split(":")[1] for each in ids_of(told)] == ["text", "hand_to_speaker", "keep_english", "log"]

    answer = office.answer_of(await office.presses("maya", told, "hand_to_speaker"))

    assert f"#{lead} is Luis Ortega's now." in read(answer)
    await office.is_told("luis", f"Yours: #{lead}")


async def test_it_goes_on_in_english(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    await office.phone.borrower_texts(HOLA)

    answer = office.answer_of(await office.presses("maya", await office.is_told("maya", "Writes in Spanish."), "keep_english"))

    assert f"#{lead}: noted, it goes on in English." in read(answer)
