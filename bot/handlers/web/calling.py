"""POST /twilio/calls/...: Twilio asks what happens on a call, and tells how it went. Only what Twilio signed is read."""

from collections.abc import Awaitable, Callable, Mapping
from typing import assert_never

import structlog
from starlette.requests import Request
from starlette.responses import Response
from twilio.twiml.voice_response import VoiceResponse

from bot.calls import bridging, calling_us, handing_out, own_voicemail, recording, voicemail
from bot.calls.on_the_line import CONNECT, NOTHING, Asks, Connects, Leaves, PlaysBack, Records, Rings, Says, Spoken
from bot.errors import StoreUnavailable
from bot.handlers.web.twilio import LONGEST_ID, TwilioForms
from bot.outreach.network import KnownCall
from bot.outreach.sms import counted
from bot.outreach.voice import ENDED
from bot.services import Services
from bot.settings import TwilioAccount
from bot.speed_to_lead import paged

log = structlog.get_logger()

SPEAKS = {"en": "en-US", "es": "es-US"}
WAITS_FOR_DIGIT = 10
"""Seconds in which an officer may press 1."""
RINGS_FOR = 25
"""Seconds that a borrower's phone rings."""
RINGS_US_FOR = 15
"""Seconds that one of our phones rings for a borrower who waits on the line."""
MACHINE = "machine_end"
"""How Twilio's words for a machine that is through with its greeting begin."""
LONGEST_MESSAGE = 60
"""Seconds that an officer may speak to a machine."""
WAITS_FOR_WORDS = 5
"""Seconds of silence after which they are through."""
LONGEST_TALK = 4 * 3600
"""Seconds after which a line that somebody forgot is cut."""

Step = Callable[[int, Mapping[str, str]], Awaitable[Response]]


class TwilioCalls:
    """The steps of a call, by the last part of their address; each is told which call by `?call=`."""

    def __init__(self, services: Services, account: TwilioAccount) -> None:
        self._services = services
        self._forms = TwilioForms(account)
        self._doors = f"{account.public_url}/twilio/calls"
        self._number = account.voice
        self._steps: Mapping[str, Step] = {
            "answered": self._answered,
            "pressed": self._pressed,
            "paged": self._paged,
            "takes": self._takes,
            "leg": self._leg,
            "ended": self._ended,
            "machine": self._machine,
            "announced": self._announced,
            "records": self._records,
            "spoke": self._spoke,
            "decided": self._decided,
            "recording": self._recording,
            "voicemail": self._voicemail,
            "over": self._over,
            "offered": self._offered,
            "taken": self._taken,
            "left": self._left,
            "officer": self._officer,
        }

    async def answer(self, request: Request) -> Response:
        """One step of a call."""
        fields = await self._forms.read(request)
        if isinstance(fields, Response):
            return fields
        step, call_id = self._steps.get(request.path_params["step"]), request.query_params.get("call", "")
        if step is None or not (call_id.isascii() and call_id.isdecimal() and len(call_id) <= LONGEST_ID and fields.get("CallSid")):
            return Response(status_code=400)
        try:
            return await step(int(call_id), fields)
        except StoreUnavailable:
            log.error("a step of a call was refused: the store is away", call=int(call_id))
            return Response(status_code=503)

    async def come(self, request: Request) -> Response:
        """Somebody calls one of our numbers."""
        fields = await self._forms.read(request)
        if isinstance(fields, Response):
            return fields
        if not fields.get("CallSid") or not fields.get("From"):
            return Response(status_code=400)
        try:
            call_id, said = await calling_us.called(self._services, fields["CallSid"], fields["From"], fields.get("To", ""))
        except StoreUnavailable:
            log.error("a call was refused: the store is away", provider_id=fields["CallSid"])
            return Response(status_code=503)
        log.info("a call came in", call=call_id, provider_id=fields["CallSid"])
        return self._say(call_id, said)

    async def _offered(self, call_id: int, _: Mapping[str, str]) -> Response:
        """One of us picked up, whom a borrower's call rings."""
        return self._say(call_id, await calling_us.offered(self._services, call_id), "taken")

    async def _taken(self, call_id: int, fields: Mapping[str, str]) -> Response:
        """One of us pressed a digit: an answer without words connects both."""
        if fields.get("Digits") == CONNECT and await calling_us.taken(self._services, call_id):
            return Response(str(VoiceResponse()), media_type="text/xml")
        return self._say(call_id, NOTHING)

    async def _left(self, call_id: int, _: Mapping[str, str]) -> Response:
        """The phone of one of us is done with, and the caller is still there."""
        return self._say(call_id, await calling_us.officer_left(self._services, call_id))

    async def _officer(self, call_id: int, fields: Mapping[str, str]) -> Response:
        """The phone of one of us is done with; it is canceled where the caller hung up before."""
        if fields.get("CallStatus") in ENDED:
            await calling_us.officer_over(self._services, call_id, caller_left=fields["CallStatus"] == "canceled")
        return Response(status_code=204)

    async def _answered(self, call_id: int, fields: Mapping[str, str]) -> Response:
        """Somebody picked up whom we called."""
        return self._say(call_id, await bridging.picked_up(self._services, call_id, fields["CallSid"]))

    async def _pressed(self, call_id: int, fields: Mapping[str, str]) -> Response:
        return self._say(call_id, await bridging.pressed(self._services, call_id, fields["CallSid"], fields.get("Digits", "")))

    async def _paged(self, call_id: int, fields: Mapping[str, str]) -> Response:
        """One of us picked up who is told of a lead."""
        return self._say(call_id, await paged.picked_up(self._services, call_id, fields["CallSid"]), "takes")

    async def _takes(self, call_id: int, fields: Mapping[str, str]) -> Response:
        return self._say(call_id, await paged.pressed(self._services, call_id, fields["CallSid"], fields.get("Digits", "")))

    async def _leg(self, call_id: int, fields: Mapping[str, str]) -> Response:
        """The borrower's end picked up, or is over."""
        status = fields.get("CallStatus", "")
        if status == "in-progress" or status in ENDED:
            leg = _leg(fields["CallSid"], status, fields.get("CallDuration"))
            await bridging.leg_told(self._services, call_id, leg)
        return Response(status_code=204)

    async def _ended(self, call_id: int, fields: Mapping[str, str]) -> Response:
        """The borrower's end is over, and the officer is still there."""
        leg = _leg(fields.get("DialCallSid", ""), fields.get("DialCallStatus", ""), fields.get("DialCallDuration"))
        return self._say(call_id, await bridging.borrower_ended(self._services, call_id, leg))

    async def _machine(self, call_id: int, fields: Mapping[str, str]) -> Response:
        """Who picked up on the borrower's end, told once a machine's greeting is over."""
        if fields.get("AnsweredBy", "").startswith(MACHINE):
            await voicemail.machine_told(self._services, call_id, fields["CallSid"])
        return Response(status_code=204)

    async def _records(self, call_id: int, fields: Mapping[str, str]) -> Response:
        """An officer picked up who records a message of their own."""
        return self._say(call_id, await own_voicemail.picked_up(self._services, call_id, fields["CallSid"]))

    async def _spoke(self, call_id: int, fields: Mapping[str, str]) -> Response:
        """They spoke, and pressed # or fell silent."""
        recording_id, seconds = fields.get("RecordingSid", ""), counted(fields.get("RecordingDuration"))
        if not recording.is_id(recording_id):
            return Response(status_code=400)
        return self._say(call_id, await own_voicemail.spoke(self._services, call_id, fields["CallSid"], recording_id, seconds))

    async def _decided(self, call_id: int, fields: Mapping[str, str]) -> Response:
        return self._say(call_id, await own_voicemail.decided(self._services, call_id, fields["CallSid"], fields.get("Digits", "")))

    async def _announced(self, call_id: int, _: Mapping[str, str]) -> Response:
        """The borrower picked up: they hear that the call is recorded, and are connected; not at all where nothing says so."""
        hears, said = await bridging.borrower_hears(self._services, call_id), VoiceResponse()
        if isinstance(hears, Says):
            said.say(hears.words, language=SPEAKS[hears.language])
        else:
            said.hangup()
        return Response(str(said), media_type="text/xml")

    async def _recording(self, call_id: int, fields: Mapping[str, str]) -> Response:
        """A recording began, is complete, or there is none."""
        status, seconds = fields.get("RecordingStatus", ""), counted(fields.get("RecordingDuration"))
        await recording.told(self._services, call_id, fields.get("RecordingSid", ""), status, seconds)
        return Response(status_code=204)

    async def _voicemail(self, call_id: int, _: Mapping[str, str]) -> Response:
        """A machine listens on the borrower's end."""
        return self._say(call_id, await voicemail.machine_listens(self._services, call_id))

    async def _over(self, call_id: int, fields: Mapping[str, str]) -> Response:
        """The officer's end is over, whoever hung up."""
        if fields.get("CallStatus") in ENDED:
            await bridging.over_told(self._services, call_id, fields["CallSid"])
            await own_voicemail.over_told(self._services, call_id)
        return Response(status_code=204)

    def _say(self, call_id: int, found: Spoken, pressed: str = "pressed") -> Response:
        said = VoiceResponse()
        match found:
            case Asks(words, language):
                gather = said.gather(num_digits=1, timeout=WAITS_FOR_DIGIT, action=self._step(pressed, call_id))
                gather.say(words, language=SPEAKS[language])
                said.hangup()
            case Connects(number, ours, hears_machines, announces):
                if announces is not None:
                    said.say(announces.words, language=SPEAKS[announces.language])
                dial = said.dial(
                    **self._recorded(call_id, on=announces is not None),
                    caller_id=ours or self._number,
                    answer_on_bridge=True,
                    timeout=RINGS_FOR,
                    time_limit=LONGEST_TALK,
                    action=self._step("ended", call_id),
                )
                machine = {"machine_detection": "DetectMessageEnd", "amd_status_callback": self._step("machine", call_id)}
                dial.number(
                    number,
                    status_callback=self._step("leg", call_id),
                    status_callback_event="answered completed",
                    **(machine if hears_machines else {}),
                    **({"url": self._step("announced", call_id)} if announces is not None else {}),
                )
            case Rings(number, announces, recorded):
                if announces is not None:
                    said.say(announces.words, language=SPEAKS[announces.language])
                dial = said.dial(
                    **self._recorded(call_id, on=recorded),
                    caller_id=self._number,
                    answer_on_bridge=True,
                    timeout=RINGS_US_FOR,
                    action=self._step("left", call_id),
                )
                dial.number(
                    number,
                    url=self._step("offered", call_id),
                    status_callback=self._step("officer", call_id),
                    status_callback_event="completed",
                )
            case Records(words, language):
                said.say(words, language=SPEAKS[language])
                said.record(action=self._step("spoke", call_id), finish_on_key="#", max_length=LONGEST_MESSAGE, timeout=WAITS_FOR_WORDS)
                said.hangup()
            case PlaysBack(recording_id, words, language):
                gather = said.gather(num_digits=1, timeout=WAITS_FOR_DIGIT, action=self._step("decided", call_id))
                gather.play(handing_out.recording_link(self._services, recording_id))
                gather.say(words, language=SPEAKS[language])
                said.hangup()
            case Leaves(before, recording_id, after, language):
                said.say(before, language=SPEAKS[language])
                said.play(handing_out.recording_link(self._services, recording_id))
                said.say(after, language=SPEAKS[language])
                said.hangup()
            case Says(words, language):
                if words:
                    said.say(words, language=SPEAKS[language])
                said.hangup()
            case _:
                assert_never(found)
        return Response(str(said), media_type="text/xml")

    def _recorded(self, call_id: int, *, on: bool) -> dict[str, str]:
        """What has a call recorded, each end by itself."""
        if not on:
            return {}
        return {
            "record": "record-from-answer-dual",
            "recording_status_callback": self._step("recording", call_id),
            "recording_status_callback_event": "in-progress completed absent",
        }

    def _step(self, step: str, call_id: int) -> str:
        return f"{self._doors}/{step}?call={call_id}"


def _leg(provider_id: str, status: str, duration: str | None) -> KnownCall:
    outcome = ENDED.get(status)
    return KnownCall(provider_id, outcome, counted(duration) if outcome == "connected" else None)
