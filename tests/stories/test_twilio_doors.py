"""What comes to Twilio's doors from anybody: only what Twilio signed is read, each thing once, and nothing of it breaks a door."""

import base64
import hashlib
import hmac
import io
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.sandbox.phone.account import AUTH_TOKEN
from bot.store.calls import Call
from bot.store.outbound import Message
from tests.doubles.office import Office
from tests.doubles.rows import rows
from tests.stories.test_texts_out import claimed_by_maya

FORM = "application/x-www-form-urlencoded"


def signature_of(url: str, fields: Mapping[str, str], token: str = AUTH_TOKEN) -> str:
    signed = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


async def posts(
    office: Office,
    path: str,
    fields: Mapping[str, str],
    *,
    body: bytes | None = None,
    content_type: str = FORM,
    signature: str | None = None,
) -> int:
    """Twilio, or somebody who would like to be, calls a door of ours through a proxy that calls us by another name."""
    url = office.url + path
    headers = {
        "X-Twilio-Signature": signature_of(url, fields) if signature is None else signature,
        "Content-Type": content_type,
        "Host": "leadbell.internal",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
    }
    sent = io.BytesIO(body or urlencode(fields).encode())
    async with aiohttp.ClientSession() as session, session.post(url, data=sent, headers=headers) as answer:
        return answer.status


def texts_in(office: Office) -> Sequence[Any]:
    assert office.services is not None
    return [text for text in rows(office.services.store, Message) if text.direction == "in"]


@pytest.mark.parametrize(
    "sender", ["12345", "ACMEBANK", "+442079460000", "whatsapp:+15125550100", "+1 (512) 555-0100 ext 4", "anonymous", "😀"]
)
@pytest.mark.parametrize("words", ["Your code is 1234", "STOP", ""])
async def test_whoever_it_comes_from_it_is_kept_once_and_never_answered_by_a_guess(texting_office: Office, sender: str, words: str) -> None:
    office = texting_office
    fields = {"MessageSid": "SM1", "From": sender, "To": "+15125550199", "Body": words, "NumMedia": "0", "Blank": ""}

    assert [await posts(office, "/twilio/messages", fields) for _ in range(3)] == [200, 200, 200]

    assert [text.body for text in texts_in(office)] == [words]
    await office.until(office.nothing_is_owed, "everything shown")


@pytest.mark.fault(61, 63)
async def test_what_cannot_be_read_is_refused_and_the_door_stays_open(texting_office: Office) -> None:
    office = texting_office
    fields = {"MessageSid": "SM1", "From": "+15125550100", "Body": "hello"}
    url = f"{office.url}/twilio/messages"

    assert await posts(office, "/twilio/messages", fields, signature="") == 403
    assert await posts(office, "/twilio/messages", fields, signature="é" * 40) == 403
    assert (
        await posts(office, "/twilio/messages", fields, signature=signature_of("https://leadbell.internal/twilio/messages", fields)) == 403
    )
    assert await posts(office, "/twilio/messages", fields, signature=signature_of(f"{url}/", fields)) == 403
    assert await posts(office, "/twilio/messages?a=1", fields, signature=signature_of(url, fields)) == 403
    assert await posts(office, "/twilio/messages", {}, body=b'{"MessageSid": "SM1"}', content_type="application/json") == 403
    assert await posts(office, "/twilio/messages", {}, body=b"\xff\xfe=\xff&" * 100) in (400, 403)
    assert await posts(office, "/twilio/messages", {}, body=b"a=1&" * 501) == 400
    assert await posts(office, "/twilio/messages", {}, body=b"a" * (1024 * 1024 + 1)) == 413
    for missing in ("MessageSid", "From"):
        assert await posts(office, "/twilio/messages", {**fields, missing: ""}) == 400
        assert await posts(office, "/twilio/messages", {name: value for name, value in fields.items() if name != missing}) == 400
    assert texts_in(office) == []

    assert await posts(office, "/twilio/messages?a=%20b&c=", fields) == 200
    assert [text.body for text in texts_in(office)] == ["hello"]


async def test_odd_fields_that_twilio_signed_break_nothing(texting_office: Office) -> None:
    office = texting_office
    fields = {"MessageSid": "SM1", "From": "+15125550100", "Body": "a\0b", "NumMedia": "9" * 40, "OptOutType": "NONSENSE"}

    assert await posts(office, "/twilio/messages", fields) == 200

    assert [text.body for text in texts_in(office)] == ["a\ufffdb"]


async def test_a_status_is_heard_from_twilio_alone_and_of_our_own_texts(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    for _ in range(3):
        await office.do("faults", kind="webhook_never", method="webhook.status")
    await office.types("maya", f"/lead text {lead} Hi Dana")
    await office.thread_says(lead, "Sent")
    assert office.services is not None
    [text] = [text for text in rows(office.services.store, Message) if text.direction == "out"]
    path, told = f"/twilio/status?message={text.id}", {"MessageSid": str(text.provider_id), "MessageStatus": "delivered", "ErrorCode": ""}

    assert await posts(office, path, told, signature=signature_of(office.url + path, told, "another token")) == 403
    assert await posts(office, path, told, signature=signature_of(f"{office.url}/twilio/status", told)) == 403
    assert await posts(office, path, {**told, "MessageSid": "SM-of-another"}) == 204
    for odd in ("999999", "0", "-1", "1" * 30, "x", "\u0663", ""):
        assert await posts(office, f"/twilio/status?message={odd}".encode("ascii", "ignore").decode(), told) == 204
    for status in ("", "DELIVERED", "sold", "received"):
        assert await posts(office, path, {**told, "MessageStatus": status}) == 204
    assert await posts(office, path, {**told, "MessageStatus": "queued", "ErrorCode": "9" * 30}) == 204
    assert [each.status for each in rows(office.services.store, Message) if each.id == text.id] == ["sent"]

    assert [await posts(office, path, {**told, "MessageStatus": status}) for status in ("read", "delivered", "sent", "failed")] == [204] * 4

    await office.thread_says(lead, "Delivered")
    assert [each.status for each in rows(office.services.store, Message) if each.id == text.id] == ["delivered"]


async def test_a_step_of_a_call_is_heard_from_twilio_alone_and_of_our_own_calls(texting_office: Office) -> None:
    office = texting_office
    told = {"CallSid": "CA1", "CallStatus": "completed", "Digits": "1", "DialCallStatus": "completed", "DialCallSid": "CA2"}

    for step in ("answered", "pressed", "leg", "ended", "over"):
        path = f"/twilio/calls/{step}?call=1"
        assert await posts(office, path, told, signature=signature_of(office.url + path, told, "another token")) == 403
        assert await posts(office, path, told) in (200, 204)
        for odd in ("", "x", "-1", "1" * 30, "\u0663"):
            assert await posts(office, f"/twilio/calls/{step}?call={odd}".encode("ascii", "ignore").decode(), told) == 400
        assert await posts(office, path, {**told, "CallSid": ""}) == 400
    assert await posts(office, "/twilio/calls/sold?call=1", told) == 400
    assert office.all(Call) == []
