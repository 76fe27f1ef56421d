"""/lead optout in Discord: a borrower told one of us that they want no more, and it holds at once."""

from tests.doubles.discord_office import DiscordOffice, read
from tests.stories_on_discord.test_texts_out import claimed_by_maya, yours


async def test_an_officer_notes_what_the_borrower_said_and_no_text_leaves(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    assert set(await office.offered("maya", "optout", "what", "tex")) == {"texts"}

    told = await office.types("maya", "optout", lead=str(lead), what="texts", said="she asked on the phone")

    assert f"#{lead}: in force now. No more texts, and no marketing on any channel." in read(told)
    await office.thread_of(lead, says="Maya Torres noted that Dana R. wants no more texts.")
    pressed = await office.presses("maya", await yours(office, lead), "text")
    assert pressed.modal is None and "They opted out of texts. Open says what may still reach them." in read(office.answer_of(pressed))


async def test_outside_a_thread_the_lead_is_never_guessed(office: DiscordOffice) -> None:
    await claimed_by_maya(office)

    told = await office.types("maya", "optout", what="all", said="she asked on the phone")

    assert "Which lead? Say its number: /optout 1042" in read(told)


async def test_who_noted_it_of_the_wrong_lead_takes_it_back(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    told = await office.types("maya", "optout", lead=str(lead), what="all", said="she asked on the phone")

    await office.presses("maya", told, "undo")

    assert f"Undone. What this closed for #{lead} is open again." in read(told)
    await office.thread_of(lead, says="They took it back: what it had closed is open again.")
    pressed = await office.presses("maya", await yours(office, lead), "text")
    assert pressed.modal is not None
