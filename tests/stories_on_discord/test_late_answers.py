"""Discord waits a quarter of an hour for the answer to a press: what is done after it is done once, and who asked hears of it."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.distribution import claiming
from bot.store.events import Event
from tests.doubles.discord_office import DiscordOffice, ids_of, read
from tests.doubles.rows import rows

REFUSALS = [(404, 10015), (401, 50027)]
"""What Discord says of a token whose time is over, by where it is used."""
over = pytest.mark.parametrize(("status", "code"), REFUSALS, ids=["unknown webhook", "invalid token"])


def waits_no_longer(office: DiscordOffice, status: int, code: int) -> None:
    """Presses are taken, and their answers come too late."""
    office.env.inject_error("*", "/webhooks/*", status=status, code=code, times=None)


def happened(office: DiscordOffice, lead: int, kind: str) -> int:
    return len([event for event in rows(office.services.store, Event) if event.stream == lead and event.kind == kind])


def is_quiet(said: list[Any]) -> bool:
    """No press broke for the log, and it holds nobody's data."""
    broken = {"a press broke", "nobody could be told"} & {each["event"] for each in said}
    return not broken and not any(part in str(said) for part in ("Dana", "(512)", "Maya"))


@pytest.mark.fault(30)
async def test_who_claims_sixteen_minutes_before_the_answer_has_it_and_hears_so_in_a_direct_message(
    office: DiscordOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead, claim = await office.lead_arrives(), claiming.claim

    async def claims_slowly(*asked: Any) -> Any:
        outcome = await claim(*asked)
        office.env.backend.advance_clock(16 * 60)
        return outcome

    monkeypatch.setattr(claiming, "claim", claims_slowly)
    with capture_logs() as said:
        await office.people["maya"].slash(office.channel, "lead claim", lead=str(lead))
        await office.is_told("maya", f"#{lead} is yours, in ")
        await office.card_of(lead, says="Maya Torres")

    assert happened(office, lead, "claimed") == 1
    assert is_quiet(said)


@pytest.mark.fault(30)
@over
async def test_who_was_too_slow_hears_it_in_a_direct_message_too(office: DiscordOffice, status: int, code: int) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", await office.card_of(lead), "claim")
    waits_no_longer(office, status, code)

    with capture_logs() as said:
        await office.people["luis"].slash(office.channel, "lead claim", lead=str(lead))
        await office.is_told("luis", f"#{lead}", "Maya Torres")

    assert happened(office, lead, "claimed") == 1
    assert is_quiet(said)


@pytest.mark.fault(30)
@over
async def test_a_note_that_is_answered_too_late_is_kept_once(office: DiscordOffice, status: int, code: int) -> None:
    lead = await office.lead_arrives()
    await office.types("maya", "lead claim", lead=str(lead))
    opened = await office.people["maya"].slash(office.channel, "lead note", lead=str(lead))
    waits_no_longer(office, status, code)

    with capture_logs() as said:
        await office.people["maya"].submit_modal(opened, {"note": "wants a 15-year"})
        await office.is_told("maya", f"Your note for #{lead} is kept.")

    assert happened(office, lead, "noted") == 1
    assert is_quiet(said)


@pytest.mark.fault(30)
@over
async def test_what_can_be_pressed_below_a_late_answer_works_in_the_direct_message(office: DiscordOffice, status: int, code: int) -> None:
    await office.lead_arrives()
    waits_no_longer(office, status, code)
    await office.people["sam"].slash(office.channel, "pipeline", team="austin", days=7)
    told = await office.is_told("sam", "last 7 days")
    office.env.backend.faults.clear()

    await office.presses("sam", told, "pipeline")

    await office.is_told("sam", "Website: 1 lead")


@pytest.mark.fault(30)
@over
async def test_what_replaces_an_answer_comes_as_a_message_where_it_is_too_late(office: DiscordOffice, status: int, code: int) -> None:
    await office.lead_arrives()
    told = await office.types("sam", "pipeline", team="austin", days=7)
    waits_no_longer(office, status, code)

    await office.presses("sam", told, "pipeline")

    await office.is_told("sam", "Website: 1 lead")
    assert "last 7 days" in read(told) and "Website: 1 lead" not in read(told)


async def test_who_dismissed_the_message_that_is_to_change_is_answered_by_another_one(office: DiscordOffice) -> None:
    await office.lead_arrives()
    told = await office.types("sam", "pipeline", team="austin", days=7)
    office.env.inject_error("PATCH", "/webhooks/*/messages/@original", status=404, code=10008, times=1)

    with capture_logs() as said:
        pressed = await office.presses("sam", told, "pipeline")

    [anew] = pressed.followups
    assert "Website: 1 lead" in read(anew) and anew.flags.ephemeral
    assert is_quiet(said)


@pytest.mark.fault(30)
@over
async def test_what_is_shared_too_late_stands_in_the_channel_all_the_same(office: DiscordOffice, status: int, code: int) -> None:
    await office.lead_arrives()
    waits_no_longer(office, status, code)

    await office.people["sam"].slash(office.channel, "pipeline", team="austin", share=True)

    await office.is_told("sam", "everybody in this channel sees the numbers")

    async def shared() -> bool:
        return len([each for each in office.messages() if "last 30 days" in read(each)]) == 1

    await office.until(shared, "the numbers in the channel")


@pytest.mark.fault(30)
async def test_who_takes_no_direct_messages_has_the_lead_and_the_log_says_that_nobody_could_be_told(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    await office.card_of(lead)
    await office.nothing_is_owed()
    waits_no_longer(office, 401, 50027)
    office.env.inject_error("POST", f"/channels/{office.people['maya'].user.dm_channel.id}/messages", status=403, code=50007, times=None)

    with capture_logs() as said:
        await office.people["maya"].slash(office.channel, "lead claim", lead=str(lead))
        await office.card_of(lead, says="Maya Torres")

    assert [each["error"] for each in said if each["event"].endswith("no message could say it")] == ["Forbidden"]
    assert happened(office, lead, "claimed") == 1
    assert is_quiet(said)


@pytest.mark.fault(30)
async def test_a_press_that_is_taken_too_late_does_nothing_and_pressed_again_it_counts(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    card = await office.card_of(lead)
    office.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062, times=1)

    with capture_logs() as said:
        missed = await office.presses("maya", card, "claim")
    assert not missed.acknowledged  # of which Discord itself says to her that it failed
    assert happened(office, lead, "claimed") == 0
    assert f"lb:claim:{lead}" in ids_of(await office.card_of(lead))
    assert is_quiet(said)

    await office.presses("maya", card, "claim")
    await office.card_of(lead, says="Maya Torres")
    assert happened(office, lead, "claimed") == 1
