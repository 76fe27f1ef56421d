"""The Slack side as a whole: one Bolt app with every feature registered, its client, and its way of hearing from Slack."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable

import aiohttp
import orjson
import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import StoreUnavailable
from bot.handlers.slack import (
    accidents,
    asked_to_stop,
    asking_compliance,
    assigning,
    booking,
    building,
    calling,
    calling_anyway,
    claiming,
    commands,
    consents,
    drips,
    duty,
    emailing,
    errors,
    explaining,
    finding,
    groups,
    leaving,
    mine,
    more,
    moving,
    noting,
    opening,
    opting_out,
    outdated,
    own_voicemail,
    passing,
    pictures,
    practice,
    rates,
    recording,
    relay,
    reminders,
    reports,
    responding,
    returns,
    rota,
    shift_end,
    source_requests,
    speaking,
    staging,
    swapping,
    team,
    texting,
    two_people,
    undoing,
    working,
)
from bot.handlers.slack.people import People, find_places, note_who_is_here
from bot.handlers.slack.platform import SlackPlatform, code_of
from bot.handlers.slack.roster import slack_session
from bot.handlers.slack.sockets import Sockets
from bot.officers.practice import welcome_who_is_found
from bot.services import Services
from bot.settings import Settings
from bot.store.installation import adopt_workspace
from bot.store.outages import draw_newest_card_again, keep_came, last_came
from bot.store.postings import CALL_LIMIT

log = structlog.get_logger()

FEATURES = (
    *(claiming, passing, opening, finding, working, more, staging, noting, assigning, booking, undoing, reminders, mine),
    *(two_people, opting_out, leaving, shift_end, texting, emailing, relay, pictures, speaking, accidents, calling_anyway, practice),
    *(swapping, team, asking_compliance, calling, recording, groups, building, returns, source_requests),
)
COMMANDS = (
    *opening.COMMANDS,
    *finding.COMMANDS,
    *claiming.COMMANDS,
    *working.COMMANDS,
    *calling.COMMANDS,
    *own_voicemail.COMMANDS,
    *texting.COMMANDS,
    *emailing.COMMANDS,
    *asked_to_stop.COMMANDS,
    *consents.COMMANDS,
    *staging.COMMANDS,
    *drips.COMMANDS,
    *groups.COMMANDS,
    *building.COMMANDS,
    *moving.COMMANDS,
    *rates.COMMANDS,
    *noting.COMMANDS,
    *returns.COMMANDS,
    *assigning.COMMANDS,
    *explaining.COMMANDS,
    *duty.COMMANDS,
    *rota.COMMANDS,
    *swapping.COMMANDS,
    *team.COMMANDS,
    *mine.COMMANDS,
    *reminders.COMMANDS,
    *reports.COMMANDS,
)
"""What /lead knows besides help, in the order in which help names it."""
LONGEST_WAIT = 60.0
LOOK_FOR_PLACES_EVERY = 30.0
LOOK_WHO_IS_HERE_EVERY = 300.0


class Slack:
    """Slack, once `connect` has signed in. To be built inside a running event loop."""

    def __init__(self, services: Services, settings: Settings) -> None:
        assert settings.slack_bot_token is not None
        self._services = services
        self._session = slack_session(settings, json_serialize=lambda value: orjson.dumps(value).decode())
        self._client = AsyncWebClient(
            token=settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api_url,
            session=self._session,
            timeout=int(CALL_LIMIT),
            retry_handlers=[],  # the SDK would post again after a lost answer; we look first
        )
        secret, app_token = settings.slack_signing_secret, settings.slack_app_token
        self.signing_secret = secret.get_secret_value() if secret else None
        self.app = AsyncApp(
            name="leadbell",  # else Bolt looks through the whole stack for one, a tenth of our start
            client=self._client,
            request_verification_enabled=False,  # our own door does it before anything is parsed; Bolt would parse first
        )
        self._sockets = Sockets(self.app, app_token.get_secret_value()) if secret is None and app_token else None
        self._people = People(services, self._client)
        responding.register(self.app)
        commands.register(self.app, services, self._people, COMMANDS)  # first: it hears messages that also accidents hears
        for feature in FEATURES:
            feature.register(self.app, services, self._people)
        outdated.register(self.app, services, self._people)
        errors.register(self.app, self._people)
        self.connected = False
        self._told_of = -math.inf  # the last that came to our sockets of which other processes know, monotonic
        self._asked_for = 0  # the place of the last person whom Slack was asked for by their email

    async def connect(self) -> None:
        """Sign in, learn where channels and people are, show, and listen; again and again while Slack cannot be reached.

        Raises OtherWorkspace when the token belongs to another workspace than before.
        """
        await _until_done(self._sign_in, "SLACK_BOT_TOKEN")
        platform = SlackPlatform(self._services, self._client, self._session, self._sockets)
        self._services.platforms = {**self._services.platforms, "slack": platform}
        self._services.owed.set()
        self.connected = True
        if self._sockets is not None:
            await _until_done(self._sockets.try_token, "SLACK_APP_TOKEN")
            await self._sockets.open()

    async def _sign_in(self) -> None:
        identity = await self._client.auth_test()
        await self._services.store.transact(adopt_workspace, "slack", identity["team_id"])
        self._people.workspace = identity["team_id"]
        self._asked_for = await find_places(self._services, self._client, self._asked_for)
        await note_who_is_here(self._services, self._client)
        await welcome_who_is_found(self._services)

    async def stop_listening(self) -> None:
        if self._sockets is not None:
            await self._sockets.close()

    async def close(self) -> None:
        await self._session.close()

    async def watch_sockets(self) -> None:
        """One step of keeping the sockets hearing."""
        if self._sockets is None or not self.connected:
            await asyncio.sleep(1)
            return
        if await self._sockets.watch():
            await self._services.store.transact(draw_newest_card_again, "slack")  # its echo says whether the new ones hear
            self._services.owed.set()
        await self._compare(self._sockets)

    async def _compare(self, sockets: Sockets) -> None:
        """Slack gives what it tells to a socket of any process: say what came to ours, or else look whether anything came to others."""
        heard_at = sockets.heard_at
        if heard_at > self._told_of:
            await self._services.store.note(keep_came, "slack", heard_at)
            self._told_of = heard_at
            return
        now = time.monotonic()
        if (last := await self._services.store.read(last_came, "slack")) is not None:
            came, ago = last
            sockets.compare(came, now - ago)

    async def look_who_is_here(self) -> None:
        """One step of noticing who was deactivated."""
        await asyncio.sleep(LOOK_WHO_IS_HERE_EVERY)
        if self.connected:
            await note_who_is_here(self._services, self._client)

    async def look_for_places(self) -> None:
        """One step of finding channels and people that were added since."""
        await asyncio.sleep(LOOK_FOR_PLACES_EVERY)
        if self.connected:
            self._asked_for = await find_places(self._services, self._client, self._asked_for)
            await welcome_who_is_found(self._services)
            self._services.owed.set()


async def _until_done(step: Callable[[], Awaitable[None]], token: str) -> None:
    """Repeat a step until Slack and the store let it through, with longer and longer waits."""
    wait = 1.0
    while True:
        try:
            return await step()
        except SlackApiError as error:
            log.error(f"Slack refuses us: check {token} and its scopes", error=code_of(error))
        except StoreUnavailable as error:
            log.error(str(error))
        except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.error("Slack cannot be reached", error=type(error).__name__)
        await asyncio.sleep(wait)
        wait = min(LONGEST_WAIT, wait * 2)
