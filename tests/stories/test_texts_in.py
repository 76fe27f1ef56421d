"""A borrower writes: her words stand in the thread, the owner is called by name, and it rings on until somebody answers."""

import base64
import hashlib
import hmac
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.sandbox.phone.account import AUTH_TOKEN
from bot.store.events import Event
from bot.store.leads import Lead
from tests.doubles.office import Office
from tests.doubles.shown import buttons, words


async def claimed_by_maya(office: Office) -> int:
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.told("maya", "Yours: #1001")
    return lead


async def test_what_a_borrower_writes_stands_in_the_thread_and_calls_the_owner_by_name(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    answer = await office.borrower_texts("Can we talk about the rate?")

    assert answer["answered"] == 200
    line = await office.thread_says(lead, "Can we talk about the rate?")
    assert line.startswith("<@U0MAYA> *Dana R.*\ntexted:")
    told = await office.told("maya", "#1001 Dana R. texted:", "Can we talk about the rate?")
    assert "Log" in buttons(told)
    await office.card_of(lead, says="Dana R. has been waiting since 12:")
    assert "rate" not in f"{[message['text'] for message in await office.messages('D0MAYA')]}"  # a locked screen shows no words


async def test_who_is_asked_to_cover_answers_by_text_and_nobody_else_may(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.logs("maya", lead, "No answer")
    await office.thread_says(lead, "Maya Torres: No answer.")
    await office.borrower_texts("Hello?")
    await office.card_of(lead, says="Dana R. has been waiting since")
    asked: list[str] = []

    async def covered() -> bool:
        asked[:] = [who for who in ("luis", "priya") if "has been waiting for an answer" in f"{await office.direct_messages(who)}"]
        return bool(asked)

    await office.skip(minutes=10)
    await office.until(covered, "somebody who covers")
    [cover] = asked
    [other] = {"luis", "priya"} - {cover}

    await office.types(other, f"/lead text {lead} Hi Dana, I can help.")
    await office.hears(other, f"#{lead} is with Maya Torres")
    await office.types(cover, f"/lead text {lead} Hi Dana, Maya is on a call. I can help.")
    await office.thread_says(lead, "Delivered")
    assert await office.texts_to() == ["Hi Dana, Maya is on a call. I can help."]
    await office.types(cover, f"/lead text {lead} And one more thing.")
    await office.hears(cover, f"#{lead} is with Maya Torres")


async def test_a_borrower_who_is_not_answered_is_told_of_to_the_cover_and_then_to_who_leads(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.logs("maya", lead, "No answer")
    await office.thread_says(lead, "Maya Torres: No answer.")
    await office.borrower_texts("Hello?")
    await office.card_of(lead, says="Dana R. has been waiting since")

    async def covered() -> bool:
        return any(["has been waiting for an answer" in f"{await office.direct_messages(who)}" for who in ("luis", "priya")])

    await office.skip(minutes=10)
    await office.until(covered, "somebody who covers")
    assert "has been waiting for an answer" not in f"{await office.direct_messages('tess')}"

    await office.skip(minutes=5)
    await office.told("tess", "#1001 Dana R. has been waiting for an answer since 12:", "Maya Torres has not answered yet.")
    await office.card_of(lead, says="Dana R. has been waiting since")


async def test_a_logged_call_is_an_answer(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.borrower_texts("Hello?")
    await office.told("maya", "#1001 Dana R. texted:")

    await office.logs("maya", lead, "Connected")

    await office.thread_says(lead, "Maya Torres: Connected.")
    await office.skip(minutes=20)
    await office.until(office.nothing_is_owed, "everything shown")
    assert "has been waiting since" not in f"{await office.card_of(lead, says='Maya Torres has it')}"
    assert "has been waiting for an answer" not in f"{await office.direct_messages('tess')}"


@pytest.mark.fault(48)
async def test_the_same_text_delivered_twice_is_told_once(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.do("faults", kind="webhook_twice", method="webhook.inbound")

    await office.borrower_texts("Just once")

    await office.thread_says(lead, "Just once")
    await office.until(office.nothing_is_owed, "everything shown")
    assert f"{await office.thread_of(lead)}".count("Just once") == 1


async def test_who_texts_is_scored_anew_and_the_card_shows_the_grade_and_why(texting_office: Office) -> None:
    office = texting_office
    lead = await office.lead_arrives(timeline=None, credit=None, loan_amount=None, purchase_price=None)
    before = words(await office.card_of(lead))
    assert before.startswith("D, ")

    await office.borrower_texts("Please call me, we found a house")

    after = words(await office.card_of(lead, says="texted us"))
    assert after.startswith("B, ")
    wrote = next(event for event in office.all(Event) if event.kind == "wrote")
    assert (wrote.meta["grade_before"], wrote.meta["grade"]) == ("D", "B")


async def test_words_that_may_be_an_opt_out_raise_no_grade(texting_office: Office) -> None:
    office = texting_office
    lead = await office.lead_arrives()
    before = office.all(Lead)[0].score

    await office.borrower_texts("not interested")

    await office.thread_says(lead, "Is that an opt-out?")
    assert office.all(Lead)[0].score == before


@pytest.mark.fault(54)
async def test_a_lead_that_nobody_has_rings_the_pool_and_mentions_nobody(texting_office: Office) -> None:
    office = texting_office
    lead = await office.lead_arrives()
    await office.told("maya", "Claim")

    await office.borrower_texts("Is anybody there?")

    line = await office.thread_says(lead, "Is anybody there?")
    assert "<@" not in line


async def test_hostile_words_are_shown_letter_by_letter_and_hide_what_a_room_must_not_read(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.borrower_texts("<!channel> *bold* call 512-555-0199 or write dana@example.com")

    line = await office.thread_says(lead, "<!channel> *bold* call [removed] or write [removed]")
    assert line.count("<@U0MAYA>") == 1


async def test_no_chat_reads_a_social_security_number(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.borrower_texts("My social is 123-45-6789, is that all?")

    await office.thread_says(lead, "is that all?")
    await office.told("maya", "My social is [number removed], is that all?")
    assert "6789" not in f"{await office.messages()} {await office.messages('D0MAYA')}"


@pytest.mark.fault(63)
async def test_only_what_twilio_signed_is_read(texting_office: Office) -> None:
    office = texting_office
    fields = {"MessageSid": "SM1", "From": "+15125550100", "Body": "hello", "Blank": ""}

    async def posts(token: str, signed: dict[str, str], **sent: str) -> int:
        text = f"{office.url}/twilio/messages" + "".join(name + signed[name] for name in sorted(signed))
        signature = base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()
        headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded", "Host": "evil.example"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{office.url}/twilio/messages", data=urlencode({**fields, **sent}), headers=headers) as answer,
        ):
            return answer.status

    assert await posts("another token", fields) == 403
    assert await posts(AUTH_TOKEN, fields, Body="changed") == 403
    assert await posts(AUTH_TOKEN, {name: value for name, value in fields.items() if value}) == 403  # a dropped blank field
    assert await posts(AUTH_TOKEN, fields) == 200


HOSTILE = (
    "<!here> <@U0LUIS> <!subteam^S1|@team> <https://evil.example|click here> <#C0LEADS> &lt;!channel&gt;",
    "\u202e\u2066txet desrever\u2069 \u200bhidden\ufeff ~strike~ `code` ```block``` _it_ > quote",
    "{{ config }} {% raw %} %s %(x)s {0} ${HOME} \\u0000 '; DROP TABLE lead; --",
    "👩‍👩‍👧‍👦🏳️‍🌈" * 90,
    "Ten segments. " * 109,
    "\r\n\r\n\t\n" + "line\n" * 300,
)


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_whatever_a_borrower_writes_stands_there_as_words_and_calls_nobody(texting_office: Office, hostile: str) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    assert (await office.borrower_texts(hostile))["answered"] == 200
    await office.borrower_texts("And that was all")

    await office.thread_says(lead, "And that was all")
    await office.until(office.nothing_is_owed, "everything shown")
    told = [each for each in await office.messages() if each.get("thread_ts") not in (None, each["ts"])]
    [line] = [each for each in told if "And that was all" not in words(each)]
    marked = [block["text"]["text"] for block in line["blocks"] if block.get("text", {}).get("type") == "mrkdwn"]
    assert [part for part in ("<!", "<@U0LUIS", "<http", "<#", "\u202e", "\u200b") if part in f"{marked} {line['text']}"] == []
    assert len(told) == 2
