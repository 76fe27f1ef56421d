"""An officer texts a borrower a picture from Discord: attached on the screen of a text, it leaves with the words."""

import pytest

from tests.doubles.discord_office import DiscordOffice, ids_of, read
from tests.doubles.texts import AGREED, signed
from tests.stories.test_pictures import PAPER, PHOTO

FROM_SIMCORD = frozenset({"cdn.simcord.invalid"})


async def test_what_is_attached_on_the_screen_leaves_with_the_words(office: DiscordOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.handlers.discord.files.HOSTS", FROM_SIMCORD)
    lead = await office.lead_arrives(**AGREED)
    await office.presses("maya", await office.card_of(lead), "claim")
    opened = await office.presses("maya", await office.is_told("maya", f"Yours: #{lead}"), "text")

    said = await office.fills_in("maya", opened, words="Your letter", files=[("me.jpg", PHOTO), ("letter.pdf", PAPER)])

    assert f"#{lead}: your text is on its way." in said
    thread = await office.thread_of(lead, says="With 2 pictures or papers.")
    assert (office.phone.sent, office.phone.files) == ([signed("Your letter")], [2])
    [line] = [each for each in thread.history() if "With 2 pictures or papers." in read(each)]
    assert any(each.startswith("lb:view_pictures:") for each in ids_of(line))


async def test_what_no_text_carries_is_said_privately_and_nothing_leaves(office: DiscordOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.handlers.discord.files.HOSTS", FROM_SIMCORD)
    lead = await office.lead_arrives(**AGREED)
    await office.presses("maya", await office.card_of(lead), "claim")
    opened = await office.presses("maya", await office.is_told("maya", f"Yours: #{lead}"), "text")

    said = await office.fills_in("maya", opened, words="Your letter", files=[("page.html", b"<html>")])

    assert "A text carries JPEG, PNG and GIF pictures, and PDF." in said
    assert office.phone.sent == []


async def test_a_file_that_discord_does_not_keep_itself_is_never_fetched(office: DiscordOffice) -> None:
    lead = await office.lead_arrives(**AGREED)
    await office.presses("maya", await office.card_of(lead), "claim")
    opened = await office.presses("maya", await office.is_told("maya", f"Yours: #{lead}"), "text")

    said = await office.fills_in("maya", opened, words="Your letter", files=[("me.jpg", PHOTO)])

    assert "I could not read what you attached, so nothing left." in said
    assert office.phone.sent == []
