"""Who is no officer is refused in kind words that say what to do, wherever they type; what breaks is told to whom it happened."""

from typing import Any

import pytest
from sqlmodel import col, update
from structlog.testing import capture_logs

from bot.distribution import explaining
from bot.handlers.discord.app import DOES
from bot.leads import finding
from bot.store.postings import Place
from tests.doubles.discord_office import DiscordOffice, ids_of, read


async def test_an_unknown_member_hears_which_id_their_manager_has_to_enter(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    pat = office.people["pat"] = office.guild.add_member(office.env.create_user("pat"))

    for command, fields in (("lead show", {"lead": str(lead)}), ("lead mine", {}), ("pipeline", {"share": True}), ("log", {})):
        result = await pat.slash(office.channel, command, **fields)
        said = office.answer_of(result)
        assert said.ephemeral and f"add you to Leadbell with your Discord id, {pat.id}." in read(said)
        assert "tu ID de Discord" in read(said)  # which they read, nobody knows
    assert await office.offered("pat", "lead show", "lead", str(lead)) == {}
    assert await office.offered("pat", "stage", "stage", "") == {}


@pytest.mark.fault(33)
async def test_in_another_server_nobody_is_an_officer_and_hears_where_to_go(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    elsewhere = office.env.create_guild(name="Another")
    channel = elsewhere.create_text_channel("general")
    maya = elsewhere.add_member(office.people["maya"].user)

    said = office.answer_of(await maya.slash(channel, "lead claim", lead=str(lead)))

    assert said.ephemeral and "your company's own server, and this is another one" in read(said)
    assert f"lb:claim:{lead}" in ids_of(await office.card_of(lead))


async def test_who_may_not_by_role_hears_so(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()

    assert "As compliance you cannot claim leads." in read(await office.types("cora", "lead claim", lead=str(lead)))


async def breaks(*_: Any, **__: Any) -> None:
    raise ZeroDivisionError("Dana Rowe (512) 555-0100")


async def test_a_command_that_breaks_tells_the_person_and_the_log_but_not_about_whom(
    office: DiscordOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = await office.lead_arrives()
    monkeypatch.setattr(explaining, "explain", breaks)

    with capture_logs() as said:
        told = read(await office.types("maya", "lead why", lead=str(lead)))

    [entry] = [each for each in said if each["event"] == "a press broke"]
    assert "That did not work" in told and entry["reference"] in told
    assert entry["error"] == "ZeroDivisionError" and "Dana" not in str(said) and "555" not in str(said)


async def test_an_autocomplete_that_breaks_says_so_where_one_types(office: DiscordOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "find_by_name", breaks)

    with capture_logs() as said:
        offered = await office.offered("maya", "lead show", "lead", "dana")

    [entry] = [each for each in said if each["event"] == "a press broke"]
    assert list(offered) == ["dana"] and "That did not work" in offered["dana"]
    assert entry["error"] == "ZeroDivisionError" and "555" not in str(said)


async def test_a_button_of_an_earlier_version_says_that_it_does_nothing_any_more(
    office: DiscordOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await office.card_of(await office.lead_arrives())
    monkeypatch.delitem(DOES, "claim")

    told = office.answer_of(await office.presses("maya", card, "claim"))

    assert "This button is from before our last update" in read(told)


@pytest.mark.fault(67)
async def test_who_is_no_officer_any_more_when_a_screen_is_sent_off_is_refused(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    await office.types("maya", "lead claim", lead=str(lead))
    opened = await office.people["maya"].slash(office.channel, "lead note", lead=str(lead))
    forgotten = update(Place).where(col(Place.address) == str(office.people["maya"].id)).values(address="1")
    await office.services.store.transact(lambda session: session.exec(forgotten))

    sent = await office.people["maya"].submit_modal(opened, {"note": "wants a 15-year"})

    assert "I do not know you yet" in read(office.answer_of(sent))
