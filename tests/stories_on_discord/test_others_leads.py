"""Somebody else's lead, in Discord: an officer is refused, who leads the team is asked before."""

from tests.doubles.discord_office import DiscordOffice, labels_of, read


async def luiss_lead(office: DiscordOffice) -> int:
    lead = await office.lead_arrives()
    await office.presses("luis", await office.card_of(lead), "claim")
    await office.card_of(lead, says="Luis Ortega has it")
    return lead


async def test_a_stage_is_asked_about_and_set_once_they_go_ahead(office: DiscordOffice) -> None:
    lead = await luiss_lead(office)

    asked = office.answer_of(await office.people["tess"].slash(office.channel, "stage", lead=str(lead), stage="qualified"))
    assert "Luis Ortega's lead. Move it anyway?" in read(asked)
    assert labels_of(asked) == ["Yes, go ahead"]
    await office.presses("tess", asked, "set_stage")

    await office.thread_of(lead, says="Tess Lindqvist: now qualified.")


async def test_a_stage_that_ends_it_is_asked_about_twice(office: DiscordOffice) -> None:
    lead = await luiss_lead(office)
    asked = office.answer_of(await office.people["tess"].slash(office.channel, "stage", lead=str(lead), stage="withdrawn"))
    await office.presses("tess", asked, "set_stage")

    await office.presses("tess", asked, "end_sure")

    await office.thread_of(lead, says="Tess Lindqvist: now withdrawn.")


async def test_a_call_and_a_note_are_asked_about_and_kept_from_a_screen(office: DiscordOffice) -> None:
    lead = await luiss_lead(office)
    asked = office.answer_of(await office.people["tess"].slash(office.channel, "log", lead=str(lead), result="connected"))
    assert "Luis Ortega's lead. Log it anyway?" in read(asked)

    await office.fills_in("tess", await office.presses("tess", asked, "edit_again"), disposition=["connected"])

    await office.thread_of(lead, says="Tess Lindqvist: Connected.")
    asked = office.answer_of(await office.people["tess"].slash(office.channel, "lead note", lead=str(lead), words="wants a 15-year"))
    assert "Luis Ortega's lead. Keep the note anyway?" in read(asked)
    await office.fills_in("tess", await office.presses("tess", asked, "edit_again"), note="wants a 15-year")
    await office.thread_of(lead, says="Tess Lindqvist wrote a note.")


async def test_an_officer_is_refused(office: DiscordOffice) -> None:
    lead = await luiss_lead(office)

    answer = office.answer_of(await office.people["maya"].slash(office.channel, "log", lead=str(lead), result="connected"))

    assert "is with Luis Ortega" in read(answer)
    assert labels_of(answer) == []
