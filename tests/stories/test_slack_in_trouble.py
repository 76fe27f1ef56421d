"""Slack loses answers, is slow, refuses, limits: each lead is still shown, once."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.sandbox import faults
from tests.doubles.office import Office
from tests.doubles.shown import buttons, words
from tests.doubles.workplace import LEADS
from tests.stories.conftest import OpenOffice


async def test_a_post_whose_answer_was_lost_leaves_exactly_one_card(office: Office) -> None:
    await office.slack_fault("lost_response", method="chat.postMessage", times=1)

    lead = await office.lead_arrives()

    await office.until(office.nothing_is_owed, "everything shown")
    assert len(await office.cards_of(lead)) == 1
    posted = [call for call in await office.calls("chat.postMessage") if call["arguments"]["channel"] == LEADS]
    assert len(posted) == 1  # it was found, not posted again


@pytest.mark.fault(19)
async def test_a_card_whose_answer_was_lost_can_be_claimed_at_once(office: Office) -> None:
    await office.slack_fault("lost_response", method="chat.postMessage", times=1)
    lead = await office.lead_arrives()

    await office.presses("maya", "Claim", lead)

    await office.card_of(lead, says="Maya Torres has it")
    await office.until(office.nothing_is_owed, "everything shown")
    assert len(await office.cards_of(lead)) == 1


async def test_an_edit_whose_answer_was_lost_is_sent_again(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.card_of(lead)
    await office.until(office.nothing_is_owed, "everything shown")
    await office.slack_fault("lost_response", method="chat.update", times=1)

    await office.presses("maya", "Claim", lead)

    await office.card_of(lead, says="Maya Torres has it")
    await office.until(office.nothing_is_owed, "everything shown")
    edits = await office.calls("chat.update")
    [lost] = [each["arguments"] for each in edits if each.get("lost_response")]
    assert len([each for each in edits if each["arguments"] == lost]) == 2


async def test_a_thread_line_whose_answer_was_lost_stands_once(office: Office) -> None:
    lead = await office.lead_arrives("zillow")
    await office.card_of(lead)
    await office.slack_fault("lost_response", method="chat.postMessage", times=1)

    await office.lead_arrives("lendingtree")

    await office.until(office.nothing_is_owed, "everything shown")
    assert len(await office.thread_of(lead)) == 1


@pytest.mark.fault(22)
async def test_an_error_of_slack_s_own_only_delays_the_card(office: Office) -> None:
    await office.slack_fault("error_5xx", method="chat.postMessage", times=1)

    lead = await office.lead_arrives()

    await office.card_of(lead)
    await office.until(office.nothing_is_owed, "everything shown")
    assert len(await office.cards_of(lead)) == 1


@pytest.mark.fault(22)
async def test_while_slack_is_slow_for_one_lead_the_next_ones_are_shown(office: Office) -> None:
    await office.slack_fault("slow", method="chat.postMessage", times=1, seconds=30)
    slow = await office.lead_arrives()

    quick = await office.lead_arrives(first_name="Marcus", phone="(512) 555-0177", email=None)

    await office.card_of(quick)
    assert await office.cards_of(slow) == []
    await office.card_of(slow)


@pytest.mark.fault(20)
async def test_under_slack_s_limit_the_best_leads_come_first_and_none_is_lost(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "SECONDS_PER_POST", 60.0)
    await office.slack_fault("rate_limit")
    await office.lead_arrives(first_name="Zero", phone="(512) 555-0199", email=None)  # meets no limit
    await office.lead_arrives(first_name="One", phone="(512) 555-0198", email=None)  # is refused, and all after it wait
    await office.until(lambda: _refused(office), "a refusal by rate")
    poor: dict[str, Any] = {"timeline": "just looking", "credit": "below 600", "purchase_price": None}
    worse = [await office.lead_arrives(first_name=f"Poor{n}", phone=f"(512) 555-010{n}", email=None, **poor) for n in range(4)]
    better = [await office.lead_arrives(first_name=f"Rich{n}", phone=f"(512) 555-011{n}", email=None) for n in range(4)]

    monkeypatch.setattr(faults, "SECONDS_PER_POST", 1.0)
    await office.slack_fault("rate_limit")  # anew
    await office.a_minute_passes_for_the_store()

    async def all_shown() -> bool:
        return len(await _shown(office)) == 10

    await office.until(all_shown, "ten cards")

    shown = await _shown(office)
    assert sorted(shown) == list(range(1001, 1011))
    assert [lead for lead in shown if lead in better + worse] == better + worse


@pytest.mark.fault(20)
async def test_slack_s_limit_on_redraws_is_asked_about_once_for_the_whole_workspace_and_holds_up_no_new_card(office: Office) -> None:
    first = await office.lead_arrives()
    second = await office.lead_arrives(first_name="Marcus", phone="(512) 555-0177", email=None)
    await office.card_of(first)
    await office.card_of(second)
    await office.slack_fault("method_limited", method="chat.update", times=10_000, seconds=3600)
    with capture_logs() as said:

        async def waits(lead: int, *, untried: bool) -> bool:
            found = [each["detail"] for each in said if each.get("because") == "MethodLimited" and each["lead"] == lead]
            return any(detail != "asked to wait 600 s" for detail in found) if untried else bool(found)

        await office.presses("maya", "Claim", first)
        await office.until(lambda: waits(first, untried=False), "a card that Slack would not redraw")
        await office.presses("luis", "Claim", second)
        await office.until(lambda: waits(second, untried=True), "a card that waits for the rest of that time, and was not tried")
        third = await office.lead_arrives(first_name="Zoe", phone="(512) 555-0178", email=None)
        await office.card_of(third)


async def _shown(office: Office) -> list[int]:
    """The leads with a card, in the order in which they were posted."""
    return [lead for message in await office.messages(LEADS) for lead in range(1001, 1011) if f"#{lead}," in words(message)]


async def _ready(office: Office) -> bool:
    """Whether it is, once what waits for its next try has tried."""
    await office.a_minute_passes_for_the_store()
    return not (await office.get("/readyz"))[1]["reasons"]


async def _refused(office: Office) -> bool:
    return any(call.get("error") == "ratelimited" for call in await office.calls("chat.postMessage"))


@pytest.mark.fault(23)
async def test_an_archived_channel_is_named_by_readyz_sends_no_lead_elsewhere_and_works_again_when_it_is_back(office: Office) -> None:
    await office.slack_fault("channel_archived", channel=LEADS)
    lead = await office.lead_arrives()

    async def named() -> bool:
        return (await office.get("/readyz")) == (200, {"ready": True, "reasons": ["#leads cannot be reached: is_archived"]})

    await office.until(named, "readyz that names the channel")
    await office.slack_heals()
    await office.a_minute_passes_for_the_store()

    await office.card_of(lead)
    await office.until(lambda: _ready(office), "a readyz that is content")


@pytest.mark.fault(23)
async def test_a_revoked_token_is_named_by_readyz_and_the_lead_is_shown_with_a_good_one(office: Office) -> None:
    await office.slack_fault("token_revoked")
    lead = await office.lead_arrives()

    async def named() -> bool:
        status, answer = await office.get("/readyz")
        return status == 200 and "token_revoked" in f"{answer['reasons']}"

    await office.until(named, "readyz that names the token")
    await office.slack_heals()
    await office.a_minute_passes_for_the_store()

    await office.card_of(lead)
    await office.until(lambda: _ready(office), "a readyz that is content")


@pytest.mark.parametrize(
    ("where", "who", "types", "anew_says"),
    [
        ("card", "tess", "/lead assign {} to luis", "Luis Ortega has it"),
        ("direct message", "maya", "/lead remind {} tomorrow 9am", "Next touch"),
    ],
)
@pytest.mark.fault(32)
async def test_a_message_that_somebody_deleted_is_posted_anew_when_it_is_to_say_something_else(
    office: Office, where: str, who: str, types: str, anew_says: str
) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.is_told("maya", "Yours")
    await office.card_of(lead, says="Maya Torres has it")
    await office.until(office.nothing_is_owed, "everything shown")
    channel, says = (LEADS, "Maya Torres has it") if where == "card" else ("D0MAYA", "Yours: #1001")
    [message] = [each for each in await office.messages(channel) if says in words(each)]
    await office.slack_deletes(channel, message["ts"])

    await office.types(who, types.format(lead))

    async def anew() -> bool:
        standing = [each for each in await office.messages(channel) if anew_says in words(each) and each.get("subtype") != "tombstone"]
        return len(standing) == 1 and standing[0]["ts"] != message["ts"]

    await office.until(anew, "another message")


async def test_blocks_that_slack_refuses_are_sent_plainer_with_their_buttons(office: Office) -> None:
    await office.slack_fault("invalid_blocks", method="chat.postMessage", times=1)

    lead = await office.lead_arrives()

    card = await office.card_of(lead)
    assert {block["type"] for block in card["blocks"]} <= {"section", "actions"}
    assert buttons(card) == ["Claim", "Pass"]
    assert "Dana R." in words(card)
    await office.presses("maya", "Claim", lead)
    await office.card_of(lead, says="Maya Torres has it")


async def test_leads_come_in_while_slack_is_away_and_are_shown_when_it_is_back(office: Office) -> None:
    await office.slack_fault("error_5xx", times=10_000)

    leads = [await office.lead_arrives(first_name=f"Lead{n}", phone=f"(512) 555-011{n}", email=None) for n in range(3)]

    await office.slack_heals()
    for lead in leads:
        await office.card_of(lead)


async def test_leads_taken_in_while_slack_was_away_are_shown_after_a_restart(office: Office) -> None:
    await office.slack_fault("error_5xx", times=10_000)
    lead = await office.lead_arrives()
    await office.closes()
    await office.opens(listening=False)  # Slack is still away
    other = await office.lead_arrives(first_name="Marcus", phone="(512) 555-0177", email=None)

    await office.slack_heals()

    for number in (lead, other):
        await office.card_of(number)
        assert len(await office.cards_of(number)) == 1


@pytest.mark.fault(29)
async def test_buttons_still_work_after_a_restart(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.card_of(lead)

    await office.restart()

    await office.presses("maya", "Claim", lead)
    await office.card_of(lead, says="Maya Torres has it")


async def test_a_channel_that_nobody_made_yet_is_named_by_readyz(changed_office: OpenOffice) -> None:
    async with changed_office({'slack: "#leads" ': 'slack: "#nowhere" '}) as office:
        await office.lead_arrives()

        async def unready() -> bool:
            return "#nowhere cannot be reached" in f"{(await office.get('/readyz'))[1]['reasons']}"

        await office.until(unready, "readyz that names the channel")


async def test_when_slack_cannot_say_who_pressed_pressing_again_works(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.slack_fault("error_5xx", method="users.info", times=1)
    await office.presses("maya", "Claim", lead)
    await office.hears("maya", "That did not work")

    await office.presses("maya", "Claim", lead)

    await office.card_of(lead, says="Maya Torres has it")


async def test_leads_ring_though_slack_finds_no_people_for_now(office: Office) -> None:
    await office.closes()
    await office.slack_fault("error_5xx", method="users.lookupByEmail", times=10_000)
    await office.opens()

    lead = await office.lead_arrives()

    await office.card_of(lead)


async def test_a_private_answer_that_slack_does_not_show_as_drawn_is_said_in_words(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    lead = await office.lead_arrives()
    await office.card_of(lead)
    await office.slack_fault("invalid_blocks", method="response_url", times=1)

    await office.types("luis", f"/lead show {lead}")

    await office.hears("luis", f"#{lead}: ")
    logged = [line for line in capsys.readouterr().out.splitlines() if "Slack refused a private answer" in line]
    assert len(logged) == 1 and "invalid_blocks" in logged[0] and "Dana" not in logged[0]
