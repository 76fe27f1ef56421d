"""While the token of the phone network is changed, what is signed with the one before is the network's too."""

import base64
import hashlib
import hmac
from urllib.parse import urlencode

import pytest
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.web.twilio import TwilioForms
from bot.settings import Settings

FIELDS = {"Body": "hello", "From": "+15125550100", "MessageSid": "SM1"}
ADDRESS = "https://leads.example.com/twilio/messages"


def signed_with(token: str) -> Request:
    signed = ADDRESS + "".join(name + FIELDS[name] for name in sorted(FIELDS))
    signature = base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest())
    path, body = "/twilio/messages", urlencode(FIELDS).encode()
    headers = [(b"content-type", b"application/x-www-form-urlencoded"), (b"x-twilio-signature", signature)]

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"", "headers": headers}
    return Request(scope, receive)


async def is_let_in(old_token: str | None, signed_by: str) -> bool:
    written = {
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "the new token",
        "TWILIO_OLD_AUTH_TOKEN": old_token,
        "TWILIO_FROM": "+15125550199",
        "LEADBELL_PUBLIC_URL": "https://leads.example.com",
    }
    account = Settings.model_validate(written).twilio
    assert account is not None
    read = await TwilioForms(account).read(signed_with(signed_by))
    assert isinstance(read, Response) or dict(read) == FIELDS
    return not isinstance(read, Response)


@pytest.mark.fault(64)
async def test_both_tokens_are_good_while_both_are_set_and_then_the_old_one_is_not() -> None:
    for old_token, let_in in (("the old token", [True, True, False]), (None, [True, False, False])):
        assert [await is_let_in(old_token, token) for token in ("the new token", "the old token", "another")] == let_in
