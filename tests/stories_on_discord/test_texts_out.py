"""An officer texts from Discord: the law first, then the words, which leave once; and the line in the thread says what became of them."""

from datetime import time
from typing import Any

import pytest

from tests.doubles.discord_office import DiscordOffice, ids_of, options_of, read
from tests.doubles.texts import AGREED, signed


async def claimed_by_maya(office: DiscordOffice, **fields: Any) -> int:
    lead = await office.lead_arrives(**{**AGREED, **fields})
    await office.presses("maya", await office.card_of(lead), "claim")
    return lead


async def yours(office: DiscordOffice, lead: int) -> Any:
    return await office.is_told("maya", f"Yours: #{lead}")


def screen(opened: Any) -> str:
    return read_all(opened.modal["components"])


def read_all(components: Any) -> str:
    words = [each.get("content") or each.get("label") or each.get("value") or "" for each in components]
    inside = [read_all([each["component"]]) for each in components if "component" in each]
    return "\n".join([*words, *inside])


async def test_a_text_is_written_on_a_screen_and_the_line_says_when_it_is_delivered(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)

    opened = await office.presses("maya", await yours(office, lead), "text")
    assert "OK to text until 8:00 pm CT" in screen(opened).replace("\\", "")
    said = await office.fills_in("maya", opened, words="Hi Dana, Maya at Acme. Free at 2?")

    assert f"#{lead}: your text is on its way." in said
    thread = await office.thread_of(lead, says="Hi Dana, Maya at Acme. Free at 2?")
    await office.thread_of(lead, says="Sent")
    [line] = [each for each in thread.history() if "Maya Torres to Dana R.:" in read(each)]
    await office.phone.delivers()
    await office.thread_of(lead, says="Delivered")
    assert [each.id for each in thread.history() if "Delivered" in read(each)] == [line.id]
    assert office.phone.sent == [signed("Hi Dana, Maya at Acme. Free at 2?")]


async def test_a_template_is_read_before_it_is_sent(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    opened = await office.presses("maya", await yours(office, lead), "text")

    result = await office.people["maya"].user.submit_modal(opened, {"template": ["first_hello"]})
    offered = office.answer_of(result)
    assert "First hello" in read(offered) and "Maya" in read(offered) and office.phone.sent == []

    again = await office.presses("maya", offered, "text")
    assert again.modal is not None
    [field] = [each["component"] for each in again.modal["components"] if each.get("component", {}).get("custom_id") == "words"]
    assert field["value"] in read(offered)
    await office.fills_in("maya", again, words=field["value"])
    await office.until(_sent(office, field["value"]), "the template on its way")


def _sent(office: DiscordOffice, words: str) -> Any:
    async def left() -> bool:
        return office.phone.sent == [words]

    return left


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"consent_text": "", "consent": "no", "consent_at": ""}, "They did not agree to texts. Call, and ask them to text you first."),
        ({"consent_text": "I agree to calls."}, "What they agreed to does not mention texts."),
    ],
)
async def test_without_consent_there_is_no_screen_but_the_reason(office: DiscordOffice, fields: dict[str, str], why: str) -> None:
    lead = await claimed_by_maya(office, **fields)

    pressed = await office.presses("maya", await yours(office, lead), "text")

    assert pressed.modal is None and why in read(office.answer_of(pressed))


async def test_a_text_at_night_waits_for_the_morning_and_leaves_by_itself(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    opened = await office.presses("maya", await yours(office, lead), "log")
    await office.fills_in("maya", opened, disposition=["no_answer"])
    office.clock_says(time(21))

    opened = await office.presses("maya", await yours(office, lead), "text")
    assert "Not now: it will leave at 9:00 am CT" in screen(opened).replace("\\", "")
    assert "your text leaves at 9:00 am CT" in await office.fills_in("maya", opened, words="Good morning, Dana.")

    await office.thread_of(lead, says="Leaves at 9:00 am CT")
    assert office.phone.sent == []
    office.skip(hours=12)
    await office.thread_of(lead, says="Sent")
    assert office.phone.sent == [signed("Good morning, Dana.")]


async def test_a_landline_is_told_in_words(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    office.phone.ends, office.phone.error_code = "failed", 30006

    opened = await office.presses("maya", await yours(office, lead), "text")
    await office.fills_in("maya", opened, words="Hi Dana")

    await office.thread_of(lead, says="Not delivered. Landline: cannot get texts. Call instead.")
    told = await office.is_told("maya", "did not arrive", "Landline: cannot get texts. Call instead.")
    assert ids_of(told) == [f"lb:calling:{lead}", f"lb:log:{lead}"]
    pressed = await office.presses("maya", await yours(office, lead), "text")
    assert "Landline: cannot get texts. Call instead." in read(office.answer_of(pressed))


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_text_of_which_nobody_knows_is_sent_again_by_a_person(office: DiscordOffice, *, restarts: bool) -> None:
    lead = await claimed_by_maya(office)
    office.phone.ends = None
    opened = await office.presses("maya", await yours(office, lead), "text")
    await office.fills_in("maya", opened, words="Only you decide")
    await office.thread_of(lead, says="Nobody knows yet whether it arrived")
    await office.network_is_asked_in_vain()
    told = await office.is_told("maya", "I do not know whether your text to Dana R.")
    assert [each.split(":")[1] for each in ids_of(told)] == ["send_again", "it_arrived"]
    if restarts:
        await office.restarts()

    office.phone.ends = "delivered"
    result = await office.presses("maya", told, "send_again")

    assert "your text is on its way" in read(office.answer_of(result))
    await office.thread_of(lead, says="Nobody knows whether this one arrived; it was sent again")
    await office.thread_of(lead, says="Delivered")
    assert office.phone.sent == [signed("Only you decide")] * 2


async def test_it_arrived_closes_the_question(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    office.phone.ends = None
    opened = await office.presses("maya", await yours(office, lead), "text")
    await office.fills_in("maya", opened, words="Did it?")
    await office.network_is_asked_in_vain()
    told = await office.is_told("maya", "I do not know whether your text")

    result = await office.presses("maya", told, "it_arrived")

    assert f"#{lead}: noted, it arrived." in read(office.answer_of(result))
    await office.thread_of(lead, says="Arrived, as the officer says")
    assert office.phone.sent == [signed("Did it?")]


async def test_a_colleague_may_not_text_somebody_elses_borrower(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    opened = await office.presses("maya", await yours(office, lead), "text")

    shown = await office.presses("luis", await office.card_of(lead, says="Maya Torres has it"), "open")

    assert opened.modal is not None
    assert not [each for each in ids_of(office.answer_of(shown)) if "text" in each] and not options_of(office.answer_of(shown))
