"""The Slack side as a whole: one Bolt app with every feature registered, its client, and its way of hearing from Slack."""

from dataclasses import dataclass

import aiohttp
import orjson
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.slack import claiming, errors, opening, passing
from bot.handlers.slack.people import People, find_places
from bot.handlers.slack.platform import SlackPlatform
from bot.handlers.slack.sockets import Sockets
from bot.services import Services
from bot.settings import Settings
from bot.store.installation import adopt_workspace
from bot.store.postings import CALL_LIMIT


@dataclass(slots=True)
class Slack:
    app: AsyncApp
    client: AsyncWebClient
    platform: SlackPlatform
    session: aiohttp.ClientSession
    sockets: Sockets | None

    async def close(self) -> None:
        if self.sockets is not None:
            await self.sockets.close()
        await self.session.close()


async def connect_slack(services: Services, settings: Settings) -> Slack:
    """Sign in, learn where channels and people are, and listen.

    Raises OtherWorkspace when the token belongs to another workspace than before, SlackApiError when Slack refuses the token.
    """
    assert settings.slack_bot_token is not None
    session = aiohttp.ClientSession(json_serialize=lambda value: orjson.dumps(value).decode())
    client = AsyncWebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        session=session,
        timeout=int(CALL_LIMIT),
        retry_handlers=[],  # the SDK would post again after a lost answer; we look first
    )
    secret = settings.slack_signing_secret
    app = AsyncApp(client=client, signing_secret=secret.get_secret_value() if secret else "", request_verification_enabled=secret is not None)
    identity = await client.auth_test()
    await services.store.transact(adopt_workspace, "slack", identity["team_id"])
    await find_places(services, client)
    people = People(services, client, identity["team_id"])
    for feature in (claiming, passing, opening):
        feature.register(app, services, people)
    errors.register(app)
    sockets = None
    if secret is None and settings.slack_app_token is not None:
        sockets = Sockets(app, settings.slack_app_token.get_secret_value())
    platform = SlackPlatform(services, client, sockets)
    return Slack(app, client, platform, session, sockets)
