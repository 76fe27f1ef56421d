"""leadbell check --live: everything outside of us that a lead on its way needs, tried out, and what is left for people to do."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import aiohttp

from bot.config import Config, missing_before_email, missing_before_texting
from bot.findings import Finding
from bot.handlers.discord.live_check import check_discord
from bot.handlers.slack.live_check import check_slack
from bot.outreach.guard import session_to
from bot.outreach.live_check import check_mail, check_mailbox, check_meta, check_twilio
from bot.settings import Settings

ANSWER_WITHIN = aiohttp.ClientTimeout(total=8)
LOOPBACK = ("127.0.0.1", "localhost", "::1")


async def check_live(settings: Settings, config: Config) -> AsyncIterator[Finding]:
    """Slack and Discord as far as they are on, our public address, texts, email, and people; in the order in which to put it right."""
    on_discord = settings.discord_token is not None
    on_slack = settings.slack_bot_token is not None or not on_discord
    if on_slack:
        async for finding in check_slack(settings, config):
            yield finding
    if on_discord:
        async for finding in check_discord(settings, config):
            yield finding
    yield await _public_address(settings)
    if settings.twilio is None:
        yield Finding("note", "TWILIO_ACCOUNT_SID is not set, so texts are off. Leads ring and are claimed without them.")
    else:
        async for finding in check_twilio(settings.twilio, [number for team in config.teams for number in team.numbers]):
            yield finding
        for missing in missing_before_texting(config):
            yield Finding("to do", f"No text leaves yet. {missing}")
    if settings.mail is None:
        yield Finding("note", "SMTP_URL is not set, so email is off.")
    else:
        yield await check_mail(settings.mail)
        if not settings.hears_email:
            yield Finding("note", "Neither IMAP_URL nor EMAIL_INBOUND_KEY is set, so answers to email go to the officers' own addresses.")
        for missing in missing_before_email(config):
            yield Finding("to do", f"No email leaves yet. {missing}")
    if settings.mailbox is not None:
        yield await check_mailbox(settings.mailbox)
    for source in config.sources:
        if source.meta is not None:
            async for finding in check_meta(settings.meta_api_url, source.key, source.meta.access_token_env, source.meta.forms):
                yield finding
    people = ", ".join(officer.name for officer in config.officers if officer.active)
    chat = "Slack" if not on_discord else "Slack or Discord" if on_slack else "Discord"
    yield Finding(
        "to do",
        f"Each of {people}: install {chat} on the phone, let it notify about direct messages at once, also while the desktop is active, "
        "and let it through Do Not Disturb in working hours. Leadbell cannot see these settings.",
    )


async def _public_address(settings: Settings) -> Finding:
    """Whether the world reaches us where it was told to."""
    url = (settings.public_url or "").rstrip("/")
    if not url:
        return Finding(
            "to do", "LEADBELL_PUBLIC_URL is not set: put Leadbell behind a reverse proxy with TLS, so that vendors can reach it."
        )
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        return Finding("missing", f"LEADBELL_PUBLIC_URL is {url}: without https, keys and borrowers' data travel in the open.")
    if await _alive(url):
        return Finding("ok", f"{url} reaches Leadbell.")
    if not await _alive(f"http://127.0.0.1:{settings.port}"):
        return Finding("to do", f"Leadbell does not run on this machine yet: start leadbell run, then check again that {url} reaches it.")
    return Finding("missing", f"{url} does not reach Leadbell, which runs here on port {settings.port}. Look at DNS and the reverse proxy.")


async def _alive(url: str) -> bool:
    """Whether a Leadbell answers there."""
    try:
        async with session_to(url, timeout=ANSWER_WITHIN) as session, session.get(f"{url}/healthz") as answer:
            return answer.status == 200 and (await answer.json(content_type=None)) == {"alive": True}
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
        return False
