"""An officer texts: the law first, then the words, which leave once; and the line in the thread says what became of them."""

import asyncio
from datetime import time
from pathlib import Path

import pytest

from bot.store.outbound import Message
from tests.doubles.databases import fresh_sqlite
from tests.doubles.office import Office, office_at_work
from tests.doubles.rows import rows
from tests.doubles.shown import buttons
from tests.doubles.texts import signed
from tests.doubles.workplace import DANAS_NUMBER
from tests.stories.test_working import stage_of

AGREED = {
    "consent_text": "I agree to calls and text messages from Acme Mortgage at this number.",
    "consent": "yes",
    "consent_at": "2026-11-01T15:00:00Z",
}


async def claimed_by_maya(office: Office, **fields: str) -> int:
    lead = await office.lead_arrives(**{**AGREED, **fields})
    await office.presses("maya", "Claim", lead)
    await office.told("maya", f"Yours: #{lead}")
    return lead


async def test_a_text_is_written_on_a_screen_and_the_line_says_when_it_is_delivered(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.presses_in_direct("maya", "Text", lead)
    screen = await office.screen_of("maya", says="OK to text until 8:00 pm CT.")
    assert "To Dana R., from (512) 555-0199" in screen
    await office.texts_on_screen("maya", "Hi Dana, Maya at Acme. Free at 2?")

    line = await office.thread_says(lead, "Delivered")
    assert "Maya Torres to Dana R.:" in line and "Hi Dana, Maya at Acme. Free at 2?" in line
    assert await office.texts_to() == [signed("Hi Dana, Maya at Acme. Free at 2?")]
    assert await office.has_no_screen("maya")


async def test_a_text_stops_the_clock_as_a_call_does(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.borrower_texts("Hello?")
    await office.card_of(lead, says="Dana R. has been waiting since")

    await office.types("maya", f"/lead text {lead} I am here, Dana.")

    await office.hears("maya", f"#{lead}: your text is on its way.")
    await office.thread_says(lead, "Delivered")
    await office.skip(minutes=20)
    await office.until(office.nothing_is_owed, "everything shown")
    assert "has been waiting since" not in f"{await office.card_of(lead, says='Maya Torres has it')}"


async def test_a_template_fills_the_screen(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.presses_in_direct("maya", "Text", lead)
    await office.screen_of("maya", says="OK to text")

    await office.presses_on_screen("maya", "Begin with a template", choose="First hello")

    await office.screen_of("maya", says="These words take 1 segment.")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"consent_text": "", "consent": "no", "consent_at": ""}, "They did not agree to texts. Call, and ask them to text you first."),
        ({"consent_text": "I agree to calls."}, "What they agreed to does not mention texts."),
    ],
)
async def test_without_consent_there_is_nothing_to_send(texting_office: Office, fields: dict[str, str], why: str) -> None:
    office = texting_office
    lead = await claimed_by_maya(office, **fields)

    await office.presses_in_direct("maya", "Text", lead)

    screen = await office.screen_of("maya", says=why)
    assert "Send" not in screen
    await office.types("maya", f"/lead text {lead} Hi there")
    await office.hears("maya", why)
    assert await office.texts_to() == []


async def test_a_text_at_night_waits_for_the_morning_and_leaves_by_itself(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.logs("maya", lead, "No answer")
    await office.clock_says(time(21))

    await office.types("maya", f"/lead text {lead} Good morning, Dana.")

    await office.hears("maya", "your text leaves at 9:00 am CT", "quiet hours.")
    await office.thread_says(lead, "Leaves at 9:00 am CT")
    assert await office.texts_to() == []
    await office.skip(hours=12)
    await office.thread_says(lead, "Delivered")
    assert await office.texts_to() == [signed("Good morning, Dana.")]


async def test_stop_refuses_what_waits_for_the_morning(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.clock_says(time(21))
    await office.types("maya", f"/lead text {lead} Good morning, Dana.")
    await office.thread_says(lead, "Leaves at 9:00 am CT")

    await office.borrower_texts("stop texting me")

    await office.thread_says(lead, "Not delivered. They opted out of texts. Open says what may still reach them.")
    await office.skip(hours=12)
    await office.until(office.nothing_is_owed, "everything shown")
    assert "Good morning, Dana." not in await office.texts_to()


async def test_a_landline_is_told_in_words_and_never_texted_again(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.do("number", number=DANAS_NUMBER, ends="undelivered", error_code=30006)

    await office.types("maya", f"/lead text {lead} Hi Dana")

    await office.thread_says(lead, "Not delivered. Landline: cannot get texts. Call instead.")
    told = await office.told("maya", "did not arrive", "Landline: cannot get texts. Call instead.")
    assert buttons(told) == ["I'm calling", "Log"]
    await office.types("maya", f"/lead text {lead} Hi again")
    await office.hears("maya", "Landline: cannot get texts. Call instead.")


@pytest.mark.parametrize("fault", ["lost_response", "error_5xx_after"])
@pytest.mark.fault(46)
async def test_a_lost_answer_is_asked_about_and_never_sent_again(texting_office: Office, fault: str) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.do("number", number=DANAS_NUMBER, ends="sent")
    await office.do("faults", kind="webhook_never", method="webhook.status")
    await office.do("faults", kind=fault, method="Messages.create")

    await office.types("maya", f"/lead text {lead} Only once, Dana")

    await office.thread_says(lead, "Sent")
    assert await office.texts_to() == [signed("Only once, Dana")]


async def test_a_network_that_cannot_be_asked_at_first_lifts_the_doubt_once_it_answers(
    texting_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.conversation.sending.ASK_AGAIN", 1.0)
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.do("faults", kind="webhook_never", method="webhook.status")
    await office.do("faults", kind="lost_response", method="Messages.create")
    await office.do("faults", kind="error_5xx", method="Messages.list", times=10_000)

    await office.types("maya", f"/lead text {lead} Only once, Dana")

    async def asked_in_vain() -> bool:
        return any(each["method"] == "Messages.list" and each.get("error") for each in await office.log())

    async def arrived() -> bool:
        """On the network, which tells nobody: asked before, it would know of nothing more than that it left."""
        return [text["status"] for text in (await office.see("texts"))["texts"]] == ["delivered"]

    await office.thread_says(lead, "Nobody knows yet whether it arrived")
    await office.until(asked_in_vain, "a question that the network refused")
    await office.until(arrived, "a text that arrived")
    await office.slack_heals()
    await office.thread_says(lead, "Delivered")
    assert await office.texts_to() == [signed("Only once, Dana")]
    assert "does not either" not in f"{await office.direct_messages('maya')}"


async def test_what_the_network_never_had_is_decided_by_a_person_once(texting_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.conversation.sending.ASKED_AFTER", (0.0, 0.1, 0.1, 0.1))
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.do("faults", kind="error_5xx", method="Messages.create", times=1)
    await office.types("maya", f"/lead text {lead} Hi Dana")
    asked = await office.told("maya", "I do not know whether your text to Dana R.")
    assert buttons(asked) == ["Send again", "It arrived"]
    assert await office.texts_to() == []

    await asyncio.gather(office.presses_on(asked, "maya", "Send again"), office.presses_on(asked, "maya", "Send again"))

    await office.thread_says(lead, "Delivered")
    await office.thread_says(lead, "it was sent again")
    await office.told("maya", f"#{lead}: done, thank you.")
    await office.until(office.nothing_is_owed, "everything shown")
    assert await office.texts_to() == [signed("Hi Dana")]


async def test_too_many_requests_is_tried_again(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.do("faults", kind="too_many_requests", method="Messages.create")

    await office.types("maya", f"/lead text {lead} Hi Dana")

    await office.thread_says(lead, "Delivered")
    assert await office.texts_to() == [signed("Hi Dana")]


async def test_only_the_owner_and_who_leads_may_text(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.types("luis", f"/lead text {lead} Hi Dana")
    await office.hears("luis", f"#{lead} is with Maya Torres")
    await office.types("tess", f"/lead text {lead} Tess here")

    await office.thread_says(lead, "Tess Lindqvist to Dana R.:")
    await office.thread_says(lead, "Delivered")
    assert await office.texts_to() == [signed("Tess here", "Tess Lindqvist (NMLS 200105)")]
    assert await stage_of(office, lead) == "new"


async def test_a_text_answers_the_reminder_that_rang(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead remind {lead} in 1 minute ask for the pay stubs")
    await office.hears("maya", f"#{lead}: I remind you")
    await office.skip(minutes=1)
    await office.told("maya", "You wanted to come back to", "ask for the pay stubs")

    await office.types("maya", f"/lead text {lead} Dana, could you send me the pay stubs?")

    await office.thread_says(lead, "Delivered")
    await office.told("maya", f"#{lead}: done, thank you.")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("sender_registered_on: 2026-11-02", "Texts are off: our number is not registered with the carriers yet."),
        ("signed_off_by: Cora Bell", "Texts are off: nobody at your company has signed off the texts yet."),
        ("signed_off_on: 2026-11-02", "Texts are off: nobody at your company has signed off the texts yet."),
    ],
)
async def test_nothing_leaves_before_the_sender_is_registered_and_the_texts_are_signed_off(tmp_path: Path, line: str, why: str) -> None:
    because = "not_registered" if "registered" in line else "not_signed_off"
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), changes={f"  {line}": "  # not yet"}, texting=True) as office:
        lead = await claimed_by_maya(office)
        await office.presses_in_direct("maya", "Text", lead)
        await office.screen_of("maya", says=why)
        await office.borrower_texts("please stop texting me")
        await office.thread_says(lead, "please stop texting me")
        assert office.services is not None
        store = office.services.store

        async def refused() -> bool:
            return [text.gave_up_because for text in rows(store, Message) if text.direction == "out"] == [because]

        await office.until(refused, "the confirmation is not kept for later")
        assert await office.texts_to() == []


async def test_the_screen_says_when_it_leaves_on_both_clocks_from_which_number_and_how_long_it_is(texting_office: Office) -> None:
    office = texting_office
    lead = await office.lead_arrives(**AGREED, phone="(602) 555-0177")
    await office.presses("maya", "Claim", lead)
    await office.told("maya", f"Yours: #{lead}")
    await office.clock_says(time(7))  # 5:00 in Phoenix

    await office.types("maya", f"/lead text {lead}")

    gate = await office.screen_of("maya", says="Not now: it will leave at 9:00 am MST (11:00 am CT yours)")
    assert "To Dana R., from (512) 555-0199." in gate
    await office.presses_on_screen("maya", "Begin with a template", choose="Missed you")
    await office.screen_of("maya", says="These words take 1 segment.")
    await office.texts_on_screen("maya", "\N{LEFT SINGLE QUOTATION MARK}I am here\N{RIGHT SINGLE QUOTATION MARK}, " + "\N{SNOWMAN}" * 70)
    await office.screen_of("maya", says="your text leaves at 9:00 am MST")
    assert "3 segments" in await office.thread_says(lead, "Leaves at 11:00 am CT")


async def test_nothing_leaves_while_the_config_says_nothing_of_texts(tmp_path: Path) -> None:
    block = ("texting:", "  stop_text:", "  help_text:", "  sender_registered_on:", "  signed_off_by:", "  signed_off_on:")
    without = {f"\n{line}": f"\n#{line}" for line in block}
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), changes=without, texting=True) as office:
        lead = await claimed_by_maya(office)
        await office.do("phone", confirms=False)

        await office.presses_in_direct("maya", "Text", lead)
        await office.screen_of("maya", says="Texts are off for your company. Ask your admin to finish the texting part of leadbell.yaml.")
        for words in ("Hello?", "HELP", "STOP"):
            await office.borrower_texts(words)
            await office.thread_says(lead, words)

        await office.until(office.nothing_is_owed, "everything shown")
        assert await office.texts_to() == []


async def test_where_the_law_counts_the_day_s_texts_an_answer_waits_and_says_why_and_when_it_leaves(texting_office: Office) -> None:
    office, tampa = texting_office, "+18135550177"
    lead = await claimed_by_maya(office, phone=tampa)
    for result in ("No answer", "Busy", "No answer"):
        await office.logs("maya", lead, result)
    await office.borrower_texts("What would my rate be?", number=tampa)
    await office.thread_says(lead, "What would my rate be?")

    await office.presses_in_direct("maya", "Text", lead)
    await office.screen_of("maya", says="by itself: 3 calls and texts in 24 hours.")
    await office.types("maya", f"/lead text {lead} I will look it up, Dana.")

    await office.hears("maya", "your text leaves at", "3 calls and texts in 24 hours.")
    assert await office.texts_to(tampa) == []
    await office.skip(hours=24)
    await office.thread_says(lead, "Delivered")
    assert await office.texts_to(tampa) == ["I will look it up, Dana."]
