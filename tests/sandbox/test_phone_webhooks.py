"""What the phone network tells the bot: borrowers' texts, statuses, and what it does on its own when somebody writes STOP."""

import pytest

from bot.sandbox.phone.account import ACCOUNT_SID, ROOT, SERVICE_SID
from bot.sandbox.server import Sandbox
from tests.doubles.ports import free_port
from tests.sandbox.hands import JSON, People
from tests.sandbox.lines import DANA, OURS, Account, Bot

PICTURE = {"content_type": "image/png", "data": "aGVsbG8="}


async def writes(people: People, body: str, **more: object) -> JSON:
    return await people.do("sms", **{"from": DANA, "body": body, **more})


async def said(people: People) -> list[tuple[str, str]]:
    return [(text["direction"], text["body"]) for text in (await people.see("texts"))["texts"]]


async def test_a_borrowers_text_comes_with_every_field(bot: Bot, people: People) -> None:
    answer = await writes(people, "¿Sí? 50% + más = &\nok")
    assert answer["answered"] == 204
    (heard,) = bot.texts()
    assert (heard["From"], heard["To"], heard["Body"]) == (DANA, OURS, "¿Sí? 50% + más = &\nok")
    assert heard["MessageSid"] == heard["SmsSid"] == heard["SmsMessageSid"] == answer["text"]["sid"]
    assert (heard["AccountSid"], heard["MessagingServiceSid"]) == (ACCOUNT_SID, SERVICE_SID)
    assert (heard["NumMedia"], heard["NumSegments"], heard["SmsStatus"]) == ("0", "1", "received")
    assert heard["FromCity"] == heard["ToZip"] == "" and "OptOutType" not in heard


async def test_a_picture_without_words_keeps_its_blank_body(sandbox: Sandbox, bot: Bot, people: People) -> None:
    sent = await writes(people, "", media=[PICTURE, {**PICTURE, "content_type": "image/jpeg"}])
    (heard,) = bot.texts()
    assert (heard["Body"], heard["NumMedia"], heard["MediaContentType1"]) == ("", "2", "image/jpeg")
    first, second = sent["text"]["media"]
    assert heard["MediaUrl0"] == f"{sandbox.url}{ROOT}/Messages/{heard['MessageSid']}/Media/{first['sid']}"
    assert heard["MediaUrl1"].endswith(second["sid"])


async def test_the_signature_is_of_the_address_as_it_was_given(bot: Bot, people: People) -> None:
    for ending in ("/texts?a=%2f&b=", "/texts?city=San+Antonio&city=%C3%B1", "/texts#rc=0"):
        await people.do("phone", inbound_url=bot.url + ending)
        assert (await writes(people, "hello"))["answered"] == 204
    assert len(bot.texts()) == 3 and bot.forged == []


async def test_a_bot_that_refuses_loses_the_text_but_can_read_it_back(bot: Bot, people: People, account: Account) -> None:
    bot.answers = [500]
    assert (await writes(people, "anyone?"))["answered"] == 500
    assert len(bot.texts()) == 1
    assert await account.listed(To=OURS) == ["anyone?"]


async def test_a_bot_that_is_down_is_tried_once_more(people: People, account: Account) -> None:
    await people.do("phone", inbound_url=f"http://127.0.0.1:{free_port()}/texts")
    assert (await writes(people, "anyone?"))["answered"] == 0
    tries = await people.deliveries("twilio")
    assert [entry["error"] for entry in tries] == ["connection_failed", "connection_failed"]
    assert await account.listed(To=OURS) == ["anyone?"]


async def test_statuses_are_told_at_the_address_of_the_text_except_the_first(bot: Bot, account: Account, people: People) -> None:
    _, created = await account.send(StatusCallback=f"{bot.url}/status?id=7")

    async def all_told() -> bool:
        return bot.statuses() == ["sending", "sent", "delivered"]

    await people.until(all_told)
    _, last = bot.heard[-1]
    assert last == {
        "MessageSid": created["sid"],
        "SmsSid": created["sid"],
        "MessageStatus": "delivered",
        "SmsStatus": "delivered",
        "From": OURS,
        "To": DANA,
        "AccountSid": ACCOUNT_SID,
        "ApiVersion": "2010-04-01",
    }


async def test_with_the_service_a_text_is_told_to_be_queued_too(bot: Bot, account: Account, people: People) -> None:
    await account.send_with_service(StatusCallback=f"{bot.url}/status")

    async def all_told() -> bool:
        return bot.statuses() == ["queued", "sending", "sent", "delivered"]

    await people.until(all_told)
    assert {form["MessagingServiceSid"] for _, form in bot.heard} == {SERVICE_SID}


@pytest.mark.parametrize("code", [30003, 30005, 30006, 30007])
async def test_a_number_that_ends_in_an_error_code_runs_into_it(bot: Bot, account: Account, people: People, code: int) -> None:
    _, created = await account.send(f"+150055{code}", StatusCallback=f"{bot.url}/status")

    async def is_told() -> bool:
        return bot.statuses()[-1:] == ["undelivered"]

    await people.until(is_told)
    assert [form.get("ErrorCode") for _, form in bot.heard] == [None, None, str(code)]
    _, fetched = await account.get(created["uri"])
    assert (fetched["status"], fetched["error_code"]) == ("undelivered", code) and fetched["error_message"]


@pytest.mark.parametrize(("ends", "code"), [("failed", 30034), ("undelivered", 30006), ("sent", None), ("delivered", None)])
async def test_how_a_number_behaves_can_be_said(account: Account, people: People, ends: str, code: int | None) -> None:
    assert (await people.do("number", number=DANA, ends=ends, error_code=code))["ok"]
    _, created = await account.send()

    async def has_ended() -> bool:
        return await account.status(created["sid"]) == ends

    await people.until(has_ended)
    assert (await account.get(created["uri"]))[1]["error_code"] == code


async def test_a_number_can_be_refused(account: Account, people: People) -> None:
    await people.do("number", number=DANA, ends="refused", error_code=21408)
    assert (await account.send())[1]["code"] == 21408


async def test_a_stuck_text_fails_when_its_validity_ends_on_the_sandboxs_clock(bot: Bot, account: Account, people: People) -> None:
    await people.do("number", number=DANA, ends="queued")
    _, created = await account.send(ValidityPeriod="600", StatusCallback=f"{bot.url}/status")
    await people.do("clock", advance_s=300)
    assert await account.status(created["sid"]) == "queued" and bot.heard == []
    await people.do("clock", advance_s=301)

    async def is_told() -> bool:
        return bot.statuses() == ["failed"]

    await people.until(is_told)
    assert bot.heard[0][1]["ErrorCode"] == "30036"


@pytest.mark.parametrize("word", ["STOP", " stop ", "Unsubscribe", "END", "quit", "STOPALL", "revoke", "OptOut", "cancel"])
async def test_a_stop_word_blocks_the_number_and_the_network_confirms_once(bot: Bot, account: Account, people: People, word: str) -> None:
    for _ in range(2):
        await writes(people, word)
    for sent in (await account.send(), await account.send_with_service()):
        assert (sent[0], sent[1]["code"]) == (400, 21610)
    assert (await account.send("+12105550144"))[0] == 201
    assert [form.get("OptOutType") for form in bot.texts()] == ["STOP", "STOP"]
    own = [body for direction, body in await said(people) if direction == "network"]
    assert len(own) == 1 and own[0].startswith("You have successfully been unsubscribed.")


async def test_the_networks_own_words_are_no_messages_of_the_account(account: Account, people: People) -> None:
    await writes(people, "STOP")
    confirmation = (await people.see("texts"))["texts"][-1]
    assert confirmation["direction"] == "network"
    assert await account.listed() == ["STOP"]
    assert (await account.get(f"/Messages/{confirmation['sid']}.json"))[0] == 404


@pytest.mark.parametrize("body", ["please stop", "STOP.", "stop texting me", "alto", "unstoppable", ""])
async def test_other_words_block_nothing(bot: Bot, account: Account, people: People, body: str) -> None:
    await writes(people, body)
    assert (await account.send())[0] == 201 and "OptOutType" not in bot.texts()[0]


@pytest.mark.parametrize("word", ["START", "yes", "Unstop"])
async def test_start_lifts_the_block(bot: Bot, account: Account, people: People, word: str) -> None:
    await writes(people, "STOP")
    await writes(people, word)
    assert (await account.send())[0] == 201
    assert [form["OptOutType"] for form in bot.texts()] == ["STOP", "START"]


async def test_a_yes_without_a_block_is_only_a_yes(bot: Bot, people: People) -> None:
    await writes(people, "YES")
    assert "OptOutType" not in bot.texts()[0]
    assert await said(people) == [("inbound", "YES")]


async def test_help_is_answered_and_blocks_nothing(bot: Bot, account: Account, people: People) -> None:
    await writes(people, "help")
    assert bot.texts()[0]["OptOutType"] == "HELP"
    assert await said(people) == [("inbound", "help"), ("network", "Reply STOP to unsubscribe. Msg&Data Rates May Apply.")]
    assert (await account.send())[0] == 201


async def test_a_network_that_leaves_the_words_to_the_bot_still_blocks(bot: Bot, account: Account, people: People) -> None:
    await people.do("phone", confirms=False)
    await writes(people, "STOP")
    assert "OptOutType" not in bot.texts()[0]
    assert await said(people) == [("inbound", "STOP")]
    assert (await account.send())[1]["code"] == 21610


async def test_texts_stand_in_order_with_their_statuses(account: Account, people: People) -> None:
    await writes(people, "hello")
    _, created = await account.send(body="Hi Dana")
    await account.send("+12105550144", body="Hi Elena")

    async def is_delivered() -> bool:
        return await account.status(created["sid"]) == "delivered"

    await people.until(is_delivered)
    shown = await people.see("texts?number=%2B15125550123")
    assert [(text["from"], text["to"], text["body"], text["status"]) for text in shown["texts"]] == [
        (DANA, OURS, "hello", "received"),
        (OURS, DANA, "Hi Dana", "delivered"),
    ]
    assert shown["numbers"] == [OURS]
    assert len((await people.see("texts"))["texts"]) == 3


@pytest.mark.parametrize(
    ("act", "body", "error"),
    [
        ("sms", {"from": "Dana", "body": "hello"}, "from must be a number"),
        ("sms", {"from": DANA, "to": "+15125550111", "body": "hello"}, "nobody here has the number"),
        ("sms", {"from": DANA, "body": 7}, "body must be a text"),
        ("sms", {"from": DANA, "media": [{"content_type": "image/png", "data": "?"}]}, "base64"),
        ("sms", {"from": DANA, "media": [{"content_type": "a\r\nb"}]}, "content_type"),
        ("number", {"number": DANA, "ends": "lost"}, "ends must be one of"),
        ("number", {"number": DANA, "ends": "undelivered"}, "error_code"),
        ("number", {"number": DANA, "ends": "sent", "error_code": 30003}, "error_code"),
        ("phone", {"inbound_url": "file:///x"}, "inbound_url"),
        ("phone", {"numbers": []}, "numbers must be"),
        ("callback", {"sid": "SM1", "status": "sent"}, "no text with this sid"),
    ],
)
async def test_what_makes_no_sense_is_refused(people: People, act: str, body: JSON, error: str) -> None:
    answer = await people.do(act, **body)
    assert not answer["ok"] and error in answer["error"]


async def test_reset_forgets_texts_blocks_and_behaviors(bot: Bot, account: Account, people: People) -> None:
    await people.do("number", number="+12105550144", ends="refused", error_code=21211)
    await people.do("phone", confirms=False)
    await writes(people, "STOP")
    await people.do("reset")
    assert await said(people) == []
    assert (await account.send())[0] == (await account.send("+12105550144"))[0] == 201
    await writes(people, "STOP")
    assert bot.texts()[-1]["OptOutType"] == "STOP"
