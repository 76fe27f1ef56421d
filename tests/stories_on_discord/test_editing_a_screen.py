"""A screen that is answered with "no", in Discord: what was typed on it waits behind Edit, and nothing has to be typed twice."""

from typing import Any

import pytest
import simcord

from bot.store.people import Officer
from tests.doubles.discord_office import DiscordOffice, labels_of, read
from tests.doubles.mailing_office import MailingOffice
from tests.doubles.rows import rows
from tests.doubles.texts import signed
from tests.stories.test_pictures import PHOTO
from tests.stories_on_discord.test_others_leads import luiss_lead
from tests.stories_on_discord.test_pictures_out import FROM_SIMCORD
from tests.stories_on_discord.test_reminders import worked_by_maya
from tests.stories_on_discord.test_texts_out import claimed_by_maya, yours


async def sends_off(office: DiscordOffice, who: str, opened: simcord.InteractionResult, **fields: Any) -> simcord.ResponseMessage:
    """Send off a screen that was opened in a direct message; the answer itself."""
    return office.answer_of(await office.people[who].user.submit_modal(opened, fields))


def begun(opened: simcord.InteractionResult) -> dict[str, Any]:
    """What stands on a screen as it opens: words, and what is chosen."""
    assert opened.modal is not None
    fields = [each["component"] for each in opened.modal["components"] if "component" in each]
    chosen = {each["custom_id"]: [one["value"] for one in each["options"] if one.get("default")] for each in fields if "options" in each}
    return {each["custom_id"]: each["value"] for each in fields if each.get("value")} | {
        name: each for name, each in chosen.items() if each
    }


async def test_a_long_email_without_a_subject_is_there_again_and_leaves_with_one(mailing: MailingOffice) -> None:
    office, long = mailing.office, "Hi Dana, about your loan. " * 110
    lead = await claimed_by_maya(office)
    opened = await office.chooses("maya", await yours(office, lead), "menu", f"email:{lead}")

    told = await sends_off(office, "maya", opened, email_words=long)
    assert "There is no subject. Write one." in read(told) and labels_of(told) == ["Edit"]
    again = await office.presses("maya", told, "edit_again")

    assert begun(again) == {"email_words": long}
    assert "your email is on its way" in await office.fills_in("maya", again, subject="Your question", email_words=long)
    [email] = await mailing.arrived()
    assert email["subject"] == "Your question" and long.strip() in email["words"]


async def test_a_text_with_a_file_that_no_text_carries_is_edited_and_leaves(office: DiscordOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.handlers.discord.files.HOSTS", FROM_SIMCORD)
    lead = await claimed_by_maya(office)
    opened = await office.presses("maya", await yours(office, lead), "text")
    told = await sends_off(office, "maya", opened, words="Your letter, *Dana*", files=[("page.html", b"<html>")])

    again = await office.presses("maya", told, "edit_again")

    assert begun(again) == {"words": "Your letter, *Dana*"}
    said = await office.fills_in("maya", again, words="Your letter, *Dana*", files=[("me.jpg", PHOTO)])
    assert "your text is on its way" in said
    await office.thread_of(lead, says="With 1 picture or paper.")
    assert office.phone.sent == [signed("Your letter, *Dana*")]


async def test_a_logged_call_with_a_time_that_is_none_keeps_its_result_and_note(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    opened = await office.presses("maya", await yours(office, lead), "log")
    told = await sends_off(office, "maya", opened, disposition=["call_back"], note="at work until 5", typed_when="when pigs fly")
    assert "I do not find a time ahead in that." in read(told)

    again = await office.presses("maya", told, "edit_again")
    assert begun(again) == {"disposition": ["call_back"], "note": "at work until 5", "typed_when": "when pigs fly"}
    assert "I remind you" in await office.fills_in("maya", again, **(begun(again) | {"typed_when": "tomorrow 9am"}))
    await office.thread_of(lead, says="Maya Torres: Wants a call back.")


async def test_a_typed_log_with_a_time_that_is_none_keeps_its_note_too(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)

    told = await office.types("maya", "log", lead=str(lead), result="connected", note="wants a 15-year", when="soonish")

    again = await office.presses("maya", told, "edit_again")
    assert begun(again) == {"disposition": ["connected"], "note": "wants a 15-year", "typed_when": "soonish"}


@pytest.mark.parametrize("typed", [True, False])
async def test_a_reminder_at_a_time_that_is_none_keeps_its_note(office: DiscordOffice, *, typed: bool) -> None:
    lead = await worked_by_maya(office)
    if typed:
        told = await office.types("maya", "lead later", lead=str(lead), when="whenever", note="ask for the W-2")
    else:
        opened = await office.presses("maya", await yours(office, lead), "pick_time")
        told = await sends_off(office, "maya", opened, when="whenever", note="ask for the W-2")

    again = await office.presses("maya", told, "edit_again")

    assert begun(again) == {"when": "whenever", "note": "ask for the W-2"}
    assert "9:00 am" in await office.fills_in("maya", again, when="tomorrow 9am", note="ask for the W-2")


async def test_later_before_the_first_try_keeps_its_note(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    told = await office.types("maya", "lead later", lead=str(lead), when="tomorrow 9am", note="ask for the W-2")
    assert "You have not tried to reach" in read(told)

    again = await office.presses("maya", told, "edit_again")

    assert begun(again)["note"] == "ask for the W-2"


async def test_a_person_s_five_fields_stand_again_where_one_is_not_understood(office: DiscordOffice) -> None:
    told = await office.types("sam", "lead team")
    priya = next(row for row in rows(office.services.store, Officer) if row.key == "priya")
    opened = await office.chooses("sam", told, "team_person", f"0:{priya.id}")
    fields = {"daily_cap": "many", "licenses": "TX 2099-12-31", "languages": "en"}
    refused = office.answer_of(await office.people["sam"].submit_modal(opened, {**fields, "active": ["yes"]}))

    again = await office.presses("sam", refused, "edit_again")

    assert begun(again) == {**fields, "active": ["yes"]}
    assert "Leads a day: 15, before 20" in await office.fills_in("sam", again, **(fields | {"daily_cap": "15"}))


async def test_a_note_on_somebody_else_s_lead_stands_on_the_screen_of_who_goes_ahead(office: DiscordOffice) -> None:
    lead = await luiss_lead(office)
    asked = office.answer_of(await office.people["tess"].slash(office.channel, "lead note", lead=str(lead), words="wants a 15-year"))

    again = await office.presses("tess", asked, "edit_again")

    assert begun(again) == {"note": "wants a 15-year"}
    await office.fills_in("tess", again, note="wants a 15-year")
    await office.thread_of(lead, says="Tess Lindqvist wrote a note.")


async def test_it_opens_as_often_as_it_is_pressed(office: DiscordOffice) -> None:
    lead = await worked_by_maya(office)
    told = await office.types("maya", "lead later", lead=str(lead), when="whenever", note="ask for the W-2")
    await office.presses("maya", told, "edit_again")  # and closed without sending it off

    again = await office.presses("maya", told, "edit_again")

    told = office.answer_of(await office.people["maya"].submit_modal(again, {"when": "no time", "note": "another note"}))
    assert begun(await office.presses("maya", told, "edit_again")) == {"when": "no time", "note": "another note"}


async def test_after_a_restart_it_is_said_that_the_words_are_gone(office: DiscordOffice) -> None:
    lead = await worked_by_maya(office)
    told = await office.types("maya", "lead later", lead=str(lead), when="whenever", note="ask for the W-2")
    await office.restarts()

    pressed = await office.presses("maya", told, "edit_again")

    assert pressed.modal is None and "I no longer have what you typed" in read(office.answer_of(pressed))
