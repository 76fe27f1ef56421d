"""Twilio's Messages resource: create, list, fetch, and the pictures of inbound texts."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from multidict import MultiMapping

from bot.sandbox.errors import TwilioError
from bot.sandbox.phone.account import ACCOUNT_SID, API_VERSION, AUTH_TOKEN, MISHAPS, NUMBER, ROOT, SERVICE_SID
from bot.sandbox.phone.network import REFUSED, Network
from bot.sandbox.phone.texts import Picture, Text

JSON = dict[str, Any]
LONGEST_BODY = 1_600
MOST_PICTURES = 10
LONGEST_VALIDITY_S = 36_000
PAGE_SIZE, LARGEST_PAGE = 50, 1_000
DAY = len("2026-03-02")


def create(network: Network, form: MultiMapping[str]) -> Text:
    """POST Messages.json, up to where the text exists."""
    to = re.sub(r"[\s().-]", "", form.get("To", ""))
    sender, service, body = form.get("From", ""), form.get("MessagingServiceSid", ""), form.get("Body", "")
    media_urls = form.getall("MediaUrl", [])
    if not to:
        raise TwilioError(21604, "A 'To' phone number is required.")
    if not NUMBER.fullmatch(to):
        raise TwilioError(21211, f"Invalid 'To' Phone Number: {form['To']}")
    if not sender and not service:
        raise TwilioError(21603, "A 'From' phone number is required.")
    if service and service != SERVICE_SID:
        raise TwilioError(21705, "The Messaging Service Sid is invalid")
    if sender and sender not in network.wiring.numbers:
        raise TwilioError(21606, f"The 'From' phone number provided ({sender}) is not a valid message-capable phone number.")
    if to in network.wiring.numbers:
        raise TwilioError(21266, "'To' and 'From' number cannot be the same")
    if not body and not media_urls:
        raise TwilioError(21602, "Message body is required.")
    if len(body) > LONGEST_BODY:
        raise TwilioError(21617, "The concatenated message body exceeds the 1600 character limit")
    if len(media_urls) > MOST_PICTURES:
        raise TwilioError(21623, "Number of media files exceeds allowed limit")
    callback_url = form.get("StatusCallback", "")
    if callback_url and not re.match(r"https?://[^/_]+(/|$)", callback_url):
        raise TwilioError(21609, f"The 'StatusCallback' URL {callback_url} is not a valid URL.")
    ends, code = network.fate(to)
    if ends == REFUSED and code:
        raise TwilioError(code, MISHAPS.get(code, "Refused"))
    if network.texts.is_opted_out(SERVICE_SID, to):
        raise TwilioError(21610, MISHAPS[21610])
    chosen = sender or network.number_for(to)
    return network.send(chosen, service, to, body, media_urls, callback_url, _validity(form))


def _validity(form: Mapping[str, str]) -> int:
    text = form.get("ValidityPeriod", str(LONGEST_VALIDITY_S))
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= LONGEST_VALIDITY_S):
        raise TwilioError(90007, "ValidityPeriod must be between 1 and 36000 seconds")
    return int(text)


def fetch(network: Network, sid: str) -> Text:
    """A message of the API: the network's own confirmations are none."""
    text = network.texts.get(sid)
    if text is None or text.direction == "network":
        raise TwilioError(20404, f"The requested resource {ROOT}/Messages/{sid}.json was not found", status=404)
    return text


def list_page(network: Network, query: Mapping[str, str]) -> JSON:
    """GET Messages.json: the newest first, filtered, a page at a time."""
    size = max(1, min(LARGEST_PAGE, _whole(query.get("PageSize", ""), PAGE_SIZE)))
    page = _whole(query.get("Page", ""), 0)
    filters = {name: value for name, value in query.items() if name in ("To", "From", "DateSent", "DateSent<", "DateSent>")}
    bounds = _sent_between(filters)
    found = (
        text
        for text in network.texts.newest_first(query.get("PageToken", "").removeprefix("PA"))
        if text.direction != "network"
        and filters.get("To", text.to) == text.to
        and filters.get("From", text.sender) == text.sender
        and (bounds is None or (text.sent and bounds[0] <= datetime.fromisoformat(text.sent) < bounds[1]))
    )
    shown = list(islice(found, size + 1))
    more = len(shown) > size
    shown = shown[:size]

    def uri(number: int, token: str = "") -> str:
        return f"{ROOT}/Messages.json?" + urlencode(
            {**filters, "PageSize": size, "Page": number, **({"PageToken": token} if token else {})}
        )

    return {
        "messages": [resource(text) for text in shown],
        "page": page,
        "page_size": size,
        "start": page * size,
        "end": page * size + max(0, len(shown) - 1),
        "uri": uri(page, query.get("PageToken", "")),
        "first_page_uri": uri(0),
        "next_page_uri": uri(page + 1, "PA" + shown[-1].sid) if more else None,
        "previous_page_uri": None,
    }


def _whole(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def _sent_between(filters: Mapping[str, str]) -> tuple[datetime, datetime] | None:
    """From (included) until (excluded). A day means all of it, as does a moment its second; DateSent alone is always a day."""
    start, end = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    given = {name.removeprefix("DateSent"): value for name, value in filters.items() if name.startswith("DateSent")}
    for relation, value in given.items():
        day = value if relation else value[:DAY]
        try:
            moment = datetime.fromisoformat(day)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            over = moment + (timedelta(days=1) if len(day) == DAY else timedelta(seconds=1))
        except (ValueError, OverflowError):
            raise TwilioError(20001, f"Invalid DateSent: {value}") from None
        if relation in ("", ">"):
            start = max(start, moment)
        if relation in ("", "<"):
            end = min(end, over)
    return (start, end) if given else None


def resource(text: Text) -> JSON:
    """A message as the API shows it: one that is only accepted has no sender and no segments yet."""
    accepted = text.status == "accepted"
    uri = f"{ROOT}/Messages/{text.sid}"
    return {
        "account_sid": ACCOUNT_SID,
        "api_version": API_VERSION,
        "body": text.body,
        "date_created": _date(text.created),
        "date_sent": _date(text.sent) if text.sent else None,
        "date_updated": _date(text.updated),
        "direction": text.direction,
        "error_code": text.error_code,
        "error_message": MISHAPS.get(text.error_code, "Unknown error") if text.error_code else None,
        "from": None if accepted else text.sender,
        "messaging_service_sid": text.service or None,
        "num_media": str(len(text.pictures)),
        "num_segments": "0" if accepted else str(text.segments),
        "price": None,
        "price_unit": "USD",
        "sid": text.sid,
        "status": text.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": text.to,
        "uri": f"{uri}.json",
    }


def media_page(network: Network, sid: str) -> JSON:
    """GET Messages/{sid}/Media.json"""
    text = fetch(network, sid)
    uri = f"{ROOT}/Messages/{sid}/Media.json?PageSize={PAGE_SIZE}&Page=0"
    shown = [media_resource(text, picture) for picture in text.pictures if picture.sid]
    around = {"page": 0, "page_size": PAGE_SIZE, "start": 0, "end": max(0, len(shown) - 1), "uri": uri, "first_page_uri": uri}
    return {"media_list": shown, **around, "next_page_uri": None, "previous_page_uri": None}


def fetch_media(network: Network, sid: str, media_sid: str) -> tuple[Text, Picture]:
    text = fetch(network, sid)
    for picture in text.pictures:
        if picture.sid and picture.sid == media_sid:
            return text, picture
    raise TwilioError(20404, f"The requested resource {ROOT}/Messages/{sid}/Media/{media_sid} was not found", status=404)


def media_resource(text: Text, picture: Picture) -> JSON:
    return {
        "account_sid": ACCOUNT_SID,
        "content_type": picture.content_type,
        "date_created": _date(text.created),
        "date_updated": _date(text.updated),
        "parent_sid": text.sid,
        "sid": picture.sid,
        "uri": f"{ROOT}/Messages/{text.sid}/Media/{picture.sid}.json",
    }


def picture_key(media_sid: str) -> str:
    """What makes the address of a picture's bytes one that nobody can guess."""
    return hmac.new(AUTH_TOKEN.encode(), media_sid.encode(), hashlib.sha256).hexdigest()


def _date(moment: str) -> str:
    return format_datetime(datetime.fromisoformat(moment).astimezone(UTC))
