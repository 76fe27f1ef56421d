"""A team and an officer who chose Spanish read Spanish in every place, and press and log in it."""

import re

import pytest

from bot.distribution import claiming
from bot.leads.press import Press
from bot.services import Services
from tests.doubles.hostile import read_by_people
from tests.doubles.office import Office
from tests.doubles.shown import buttons, words
from tests.stories.conftest import OpenOffice

SPANISH = {
    "language: en                    # the language of the channel": "language: es                    # the language of the channel",
    "nmls_id: 200101\n": "nmls_id: 200101\n    language: es\n",
}
ENGLISH = re.compile(
    r"\b(callable|claim|claimed|pass|open|undo|yours|purchase|property|credit|timeline|until|till|from|log|logged|calling|"
    r"later|text|more|has|have|had|the|and|with|to live in|single family|better|down|wants)\b",
    re.IGNORECASE,
)


def english_in(shown: str) -> list[str]:
    return ENGLISH.findall(shown)


async def claimed_by_maya(office: Office) -> int:
    lead = await office.lead_arrives()
    await office.presses("maya", "Tomar", lead)
    await office.told("maya", "Tuyo: #1001")
    return lead


async def test_the_card_of_a_spanish_team_is_spanish(changed_office: OpenOffice) -> None:
    async with changed_office(SPANISH) as office:
        lead = await office.lead_arrives()

        card = await office.card_of(lead, says="compra $310k, Austin TX")
        assert "Dana R., se puede llamar hasta las 8 p.m. CT, Website" in words(card)
        assert "Tomar" in buttons(card)
        assert english_in(words(card)) == []


async def test_how_soon_and_how_good_their_credit_is_stand_in_spanish_too(changed_office: OpenOffice) -> None:
    async with changed_office(SPANISH) as office:
        await office.lead_arrives(timeline="3-6 months", credit="below 620")

        card = words(await office.card_of(1001, says="en tres a seis meses"))
        assert "Plazo: en tres a seis meses" in card and "Crédito: menos de 620" in card


async def test_the_ring_is_in_the_officer_s_language_whatever_a_colleague_reads(changed_office: OpenOffice) -> None:
    async with changed_office(SPANISH) as office:
        await office.lead_arrives()

        ring = await office.told("maya", "compra $310k, Austin TX", "Dana R., se puede llamar hasta las 8 p.m. CT")
        assert buttons(ring) == ["Tomar", "Pasar"]
        assert english_in(words(ring)) == []
        assert buttons(await office.told("luis", "purchase $310k, Austin TX", "callable till 8 pm CT")) == ["Claim", "Pass"]


async def test_the_winner_is_told_in_spanish_what_to_say_and_until_when(changed_office: OpenOffice) -> None:
    async with changed_office(SPANISH) as office:
        lead = await claimed_by_maya(office)

        mine = await office.told("maya", "Tuyo: #1001 Dana Rowe")
        said = read_by_people(words(mine))
        assert "Se puede llamar hasta las 8:00 p.m. CT." in said
        assert "Di: Hola, Dana, le habla Maya, de Acme Mortgage. Nos preguntó sobre comprar una casa en Austin." in said
        assert buttons(mine)[:4] == ["Estoy llamando", "Enviar texto", "Anotar", "Más tarde"]
        assert english_in(words(mine)) == []
        card = await office.card_of(lead, says="lo tiene Maya Torres")
        assert english_in(words(card)) == []


async def test_a_call_is_logged_in_spanish_from_the_screen_to_the_thread(changed_office: OpenOffice) -> None:
    async with changed_office(SPANISH) as office:
        lead = await claimed_by_maya(office)
        await office.presses("maya", "Anotar", lead)
        screen = await office.screen_of("maya", says="¿Cómo te fue?")

        await office.logs_on_screen("maya", "Contestó", note="Quiere mudarse en junio")

        assert english_in(screen.replace("tomorrow 9am, friday, in 2 hours", "")) == []
        line = await office.thread_says(lead, "Maya Torres: Contestó.")
        assert english_in(line) == []


async def test_what_breaks_is_said_in_the_officer_s_language(changed_office: OpenOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(_services: Services, _pressed: Press) -> claiming.ClaimOutcome:
        raise RuntimeError

    monkeypatch.setattr(claiming, "claim", breaks)
    async with changed_office(SPANISH) as office:
        await office.lead_arrives()

        await office.presses("maya", "Tomar", 1001)

        await office.hears("maya", "Eso no funcionó.")
