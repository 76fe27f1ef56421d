"""Calls through Twilio. One call is one request, as one text is; what happens on it is said by our own doors."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urlencode

import aiohttp
from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.rest import Client

from bot.outreach.network import CallAnswer, CallOutcome, Door, KnownCall, KnownRecording, Nobody, NoRecording, NotNow, seconds
from bot.outreach.sms import CALL_LIMIT, GONE, LISTED, NO_ANSWER, Gone, TimeIsUp, TwilioRequests, counted, login_of, refusal, until_deadline

RINGS_FOR = 25
"""Seconds that an officer's phone rings: then most voicemails pick up."""

ENDED: dict[str, CallOutcome] = {
    "completed": "connected",
    "no-answer": "no_answer",
    "canceled": "no_answer",
    "busy": "busy",
    "failed": "failed",
}
"""Twilio's words for what became of a call or a leg, and ours; the others are of one that goes on."""

NOTHING_THERE = ("absent", "deleted", "failed")
"""Twilio's words for a recording that there is not, or not any more."""


class TwilioVoice:
    """The VoiceNetwork of one Twilio account. To be built inside a running event loop."""

    name = "twilio"

    def __init__(self, sid: str, auth_token: str, number: str, api_url: str, public_url: str) -> None:
        self.number = number
        self._doors = f"{public_url}/twilio/calls"
        self._account = f"/2010-04-01/Accounts/{sid}"
        self._http = TwilioRequests(api_url, login_of(sid, auth_token))
        self._client = Client(sid, auth_token, http_client=self._http)

    async def ring(self, to: str, call_id: int, door: Door, deadline: float) -> CallAnswer:
        of_call = urlencode({"call": call_id})
        try:
            with until_deadline(deadline):
                async with asyncio.timeout(max(0.0, min(CALL_LIMIT, deadline - seconds()))):
                    taken = await self._client.calls.create_async(
                        to=to,
                        from_=self.number,
                        url=f"{self._doors}/{door}?{of_call}",
                        status_callback=f"{self._doors}/over?{of_call}",
                        status_callback_event=["completed"],
                        timeout=RINGS_FOR,
                    )
                    return _known(taken) if taken.sid else Nobody()
        except (TimeIsUp, aiohttp.ClientConnectorError):
            return NotNow()
        except (TwilioServiceException, TwilioRestException) as error:
            return refusal(error.status, error.code)
        except NO_ANSWER:
            return Nobody()

    async def rung(self, to: str, since: datetime) -> list[KnownCall] | None:
        try:
            async with asyncio.timeout(CALL_LIMIT):
                listed = await self._client.calls.list_async(to=to, from_=self.number, limit=LISTED)
            return [_known(each) for each in listed if each.direction == "outbound-api" and _is_since(each.date_created, since)]
        except NO_ANSWER:
            return None

    async def leave_words(self, leg_id: str, call_id: int) -> bool:
        try:
            async with asyncio.timeout(CALL_LIMIT):
                await self._client.calls(leg_id).update_async(url=f"{self._doors}/voicemail?{urlencode({'call': call_id})}")
        except NO_ANSWER:
            return False
        return True

    async def stop_recording(self, provider_id: str) -> bool:
        try:
            async with asyncio.timeout(CALL_LIMIT):
                await self._client.calls(provider_id).recordings("Twilio.CURRENT").update_async(status="stopped")
        except NO_ANSWER:
            return False
        return True

    async def recorded(self, provider_id: str) -> list[KnownRecording] | None:
        try:
            async with asyncio.timeout(CALL_LIMIT):
                listed = await self._client.calls(provider_id).recordings.list_async(limit=LISTED)
            return [KnownRecording(each.sid, counted(each.duration)) for each in listed if str(each.status) not in NOTHING_THERE]
        except (TwilioServiceException, TwilioRestException) as error:
            return [] if error.status in GONE else None
        except NO_ANSWER:
            return None

    @asynccontextmanager
    async def recording(self, recording_id: str) -> AsyncIterator[AsyncIterator[bytes]]:
        try:
            async with self._http.parts(f"{self._account}/Recordings/{recording_id}.mp3") as parts:
                yield parts
        except Gone:
            raise NoRecording(gone=True) from None
        except (aiohttp.ClientError, OSError, TimeoutError):
            raise NoRecording(gone=False) from None

    async def delete_recording(self, recording_id: str) -> bool:
        try:
            async with asyncio.timeout(CALL_LIMIT):
                await self._client.recordings(recording_id).delete_async()
        except (TwilioServiceException, TwilioRestException) as error:
            return bool(error.status in GONE)
        except NO_ANSWER:
            return False
        return True

    async def how_it_stands(self, provider_id: str) -> tuple[KnownCall, list[KnownCall]] | Literal["gone"] | None:
        try:
            async with asyncio.timeout(CALL_LIMIT):
                call = await self._client.calls(provider_id).fetch_async()
                legs = await self._client.calls.list_async(parent_call_sid=provider_id, limit=LISTED)
            return _known(call), [_known(each) for each in legs]
        except (TwilioServiceException, TwilioRestException) as error:
            return "gone" if error.status in GONE else None
        except NO_ANSWER:
            return None

    async def close(self) -> None:
        await self._http.close()


def _known(call: Any) -> KnownCall:
    outcome = ENDED.get(str(call.status))
    return KnownCall(call.sid, outcome, counted(call.duration) if outcome == "connected" else None)


def _is_since(created: datetime | None, since: datetime) -> bool:
    """Twilio tells whole seconds."""
    return created is None or created.replace(tzinfo=created.tzinfo or UTC) >= since.replace(microsecond=0)
