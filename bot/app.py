"""Builds Leadbell: the only file that knows every concrete class. Opens the store, the doors and the background work, and closes them."""

import asyncio
import errno
import gc
import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from typing import Any

import structlog
import uvicorn

from bot.calls.calling import place_next
from bot.capture import pinging
from bot.capture.meta import fetch_and_wait
from bot.capture.retaining import retain_and_wait
from bot.config.loading import canonical_text, load_config
from bot.configuring import apply_config
from bot.conversation.catching_up import catch_up_and_wait
from bot.conversation.inbox import InboxReader
from bot.conversation.sending import hand_over_next
from bot.conversation.tending import deliver_next, tend_next
from bot.errors import BadSettings, HalfCopied, LeadbellError, PortInUse, SchemaTooNew, StoreUnavailable
from bot.handlers.slack.app import Slack
from bot.handlers.web.app import web_app
from bot.in_force import InForce, newest, warn_of_bad_keys
from bot.nurture.drips import keep_library, library
from bot.outreach.inbox import ImapInbox
from bot.outreach.meta import Graph
from bot.outreach.trustedform import TrustedForm
from bot.oversight.auditor import Auditor
from bot.runner import forever, until
from bot.scheduling.calendar import start_calendar
from bot.scheduling.due_loop import look_and_wait
from bot.services import CALLED_TOGETHER, EMAILED_TOGETHER, LEAVING_TOGETHER, SHOWN_TOGETHER, TEXTED_TOGETHER, Clock, Services
from bot.settings import Settings
from bot.showing import hand_back, show_next
from bot.speed_to_lead.chat_down import watch_chat
from bot.store.certificates import Certificate
from bot.store.database import Store, database_url
from bot.store.gateway import free_gateway
from bot.store.installation import check_key, prepare
from bot.store.lock import hold_store, refuse_moved
from bot.store.meta import PromisedLead
from bot.store.owed import void_leases
from bot.store.postings import Posting
from bot.store.sealing import Seal
from bot.store.tables import COPYING, HEAD, version_of

log = structlog.get_logger()

Alongside = Callable[[Services], list[Coroutine[Any, Any, None]]]

REQUESTS_END_WITHIN = 1
"""Seconds that a shutdown waits for senders who are still sending. Nobody was told that such a lead is kept."""
LOOK_ENDS_WITHIN = 1
"""Seconds that it then waits for what is being decided: what is marked as being sent in the middle of it is to be sent."""
DRAIN_WITHIN = 2.5
"""Seconds that a shutdown waits for what is being drawn."""
HANDED_BACK_WITHIN = 1
"""Seconds that it then takes at most to let other processes draw the rest."""
GOODBYES_WITHIN = 1
"""Seconds that it then takes at most to leave everybody outside, all at once."""


def open_store(settings: Settings) -> Store:
    """The store, at this version's shape. Raises SchemaTooNew when a newer Leadbell made it, StoreUnavailable when it is away, StoreMoved
    when it is somewhere else by now, HalfCopied where it is not whole yet, MayNotCreate where it gives us no right to make tables, and
    KeyMissing, WrongKey or OldKeyMissing where what is kept cannot be opened."""
    return _opened(settings, checks_key=True)


def open_unchecked(settings: Settings) -> Store:
    """The same, whether or not its personal data can be opened."""
    return _opened(settings, checks_key=False)


def _opened(settings: Settings, *, checks_key: bool) -> Store:
    """Whatever is refused is refused before anything is changed."""
    refuse_moved(database_url(settings.database_url))
    store = Store(settings.database_url, seal_from(settings))
    try:
        store.refuse_pooler()
        version = store.transact_now(version_of)
        if version == COPYING:
            raise HalfCopied
        if version is not None and version > HEAD:
            raise SchemaTooNew
        if checks_key:
            store.transact_now(check_key)
        if version != HEAD:
            from bot.store.upgrade import upgrade  # costs a third of a second, so only when there is something to do

            upgrade(store.url)
    except LeadbellError:
        store.close()
        raise
    return store


def seal_from(settings: Settings) -> Seal | None:
    """What personal data is sealed with in the store; None without a key. Raises BadSettings for an old key without a new one."""
    if settings.key is None:
        if settings.old_key is not None:
            raise BadSettings("LEADBELL_OLD_KEY is set, and LEADBELL_KEY is not: set the new key too.")
        return None
    older = [] if settings.old_key is None else [settings.old_key.get_secret_value()]
    return Seal(settings.key.get_secret_value(), *older)


def put_in_force(store: Store, settings: Settings, clock: Clock) -> InForce:
    """The config in force. A file is applied by itself only into an empty store; later ones by `leadbell check --apply`."""
    in_force = store.transact_now(newest, os.environ)
    if in_force is None:
        config = load_config(settings.config, os.environ)
        store.transact_now(apply_config, config, by="leadbell", at=clock.now(), salt=secrets.token_hex(16))
        in_force = store.transact_now(newest, os.environ)
        assert in_force is not None
    elif settings.config.exists():
        try:
            differs = canonical_text(load_config(settings.config, os.environ)) != canonical_text(in_force.config)
        except LeadbellError:
            differs = True
        if differs:
            log.warning("the config file differs from what is in force; to apply it: leadbell check --apply", file=str(settings.config))
    return in_force


@asynccontextmanager
async def services_of(settings: Settings, clock: Clock) -> AsyncIterator[Services]:
    """The services over an open store, without doors or background work."""
    store = open_store(settings)
    try:
        hash_key = store.transact_now(prepare, secrets.token_hex(32), clock.now())
        store.transact_now(keep_library)
        yield Services(store, clock, hash_key, put_in_force(store, settings, clock))
    finally:
        store.close()


class Leadbell:
    """A running Leadbell: serve until told to stop."""

    def __init__(self, settings: Settings, clock: Clock, alongside: Alongside | None = None) -> None:
        """`alongside` is work that runs until the end beside ours; the demo follows its clock with it."""
        self._settings = settings
        self._clock = clock
        self._alongside = alongside
        self.port: int | None = None  # where the doors are, once they are open
        self.auditor: Auditor | None = None
        self._stop = asyncio.Event()
        self._reload = asyncio.Event()

    def stop(self) -> None:
        """Finish what is being drawn, close everything and return from `run`."""
        self._stop.set()

    def reload(self) -> None:
        """Read the config file again and put it in force. A bad file is told in the log and changes nothing."""
        self._reload.set()

    async def run(self) -> None:
        """Open everything, serve until `stop`, then finish what is being drawn and close."""
        library()  # a sequence that somebody broke is told now, not to the first officer who opens a lead
        with hold_store(self._settings.database_url) as alone:
            async with services_of(self._settings, self._clock) as services:
                if alone:
                    await services.store.transact(void_leases, Posting, PromisedLead, Certificate)
                    await services.store.transact(free_gateway)
                await self._serve(services)

    async def _serve(self, services: Services) -> None:
        account, slack_is_on = self._settings.twilio, self._settings.slack_is_on
        services.public_url = (self._settings.public_url or "").rstrip("/")
        door = listening_socket(self._settings.host, self._settings.port)
        self.port = door.getsockname()[1]
        slack = Slack(services, self._settings) if slack_is_on else None
        discord = None
        if self._settings.discord_token:
            from bot.handlers.discord.app import Discord  # more than a second that only Discord needs

            discord = Discord(services, self._settings.discord_token.get_secret_value())
        twilio = calls = None
        if account:
            from bot.handlers.web.twilio import Twilio  # a tenth of a second that only texts need
            from bot.outreach.sms import TwilioNetwork

            twilio = Twilio(services, account)
            services.network = TwilioNetwork(account.sid, account.auth_token, account.sender, account.api_url, account.public_url)
            if account.voice:
                from bot.handlers.web.calling import TwilioCalls
                from bot.outreach.voice import TwilioVoice

                calls = TwilioCalls(services, account)
                services.voice = TwilioVoice(account.sid, account.auth_token, account.voice, account.api_url, account.public_url)
        mail_server = self._settings.mail
        if mail_server and self._settings.public_url:
            from bot.outreach.email import MailServerPost  # a twentieth of a second that only email needs

            services.post_office = MailServerPost(mail_server)
        mailbox, email_key = self._settings.mailbox, self._settings.email_inbound_key
        inbox = ImapInbox(mailbox) if mailbox else None
        services.hears_email = self._settings.hears_email
        services.switched_on = tuple(name for name, platform in (("slack", slack), ("discord", discord)) if platform)
        self.auditor = auditor = Auditor(services)
        server = Server(
            uvicorn.Config(
                web_app(services, auditor, slack, twilio, calls, email_key.get_secret_value() if email_key else None),
                log_config=None,
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=REQUESTS_END_WITHIN,
            )
        )
        graph = Graph(self._settings.meta_api_url)
        key = self._settings.trustedform_api_key
        trusted_form = TrustedForm(self._settings.trustedform_api_url, key.get_secret_value()) if key else None
        calendar = start_calendar(services, auditor, graph, self._settings.heartbeat_url)
        serving = asyncio.create_task(server.serve(sockets=[door]))
        work = [*_background(services, slack), forever(partial(self._reload_once, services))]
        work += [forever(partial(fetch_and_wait, services, graph)), forever(partial(pinging.look_and_wait, services))]
        work += [forever(partial(retain_and_wait, services, trusted_form))] if trusted_form else []
        work += [forever(InboxReader(services, inbox).read_and_wait)] if inbox else []
        work += self._alongside(services) if self._alongside else []
        work += [forever(discord.hear), forever(discord.look_who_is_here)] if discord else []
        working = [asyncio.create_task(each) for each in work]
        looking = asyncio.create_task(until(self._stop, partial(look_and_wait, services)))
        refilling = [asyncio.create_task(forever(partial(watch_chat, services)))]
        refilling += [asyncio.create_task(forever(partial(catch_up_and_wait, services)))] if services.network else []
        connecting = [asyncio.create_task(platform.connect()) for platform in (slack, discord) if platform]
        stopping = asyncio.create_task(self._stop.wait())
        try:
            warn_of_bad_keys(services.in_force)
            gc.freeze()  # the collector need not walk what stands by now, which would hold everything for 70 ms
            log.info(
                "Leadbell is open",
                port=self.port,
                slack="on" if slack else "off: no SLACK_BOT_TOKEN",
                discord="on" if discord else "off: no DISCORD_TOKEN",
                texts="on" if account else "off: no TWILIO_ACCOUNT_SID",
                calls="on" if services.voice else "off: no TWILIO_VOICE_FROM",
                email="on" if mail_server else "off: no SMTP_URL",
                answers="read" if services.hears_email else "off: no IMAP_URL",
            )
            await _first_of(stopping, serving, *refilling, *working, goes_on=[looking, *connecting])
        finally:
            server.should_exit = True
            self._stop.set()
            services.owed.set()  # wakes who looks
            await asyncio.wait([serving])
            if slack:
                await slack.stop_listening()
            await asyncio.wait([looking], timeout=LOOK_ENDS_WITHIN)
            await _cancel(looking, *refilling)
            services.begin_nothing()
            in_hand = (services.leased, services.texts, services.emails, services.leaving, services.calls)
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.gather(*(queue.join() for queue in in_hand)), DRAIN_WITHIN)
            if inbox:
                inbox.close()
            await _cancel(stopping, *connecting, *working)
            with suppress(TimeoutError, StoreUnavailable):
                await asyncio.wait_for(hand_back(services), HANDED_BACK_WITHIN)
            calendar.shutdown(wait=False)
            outside = (graph, trusted_form, services.network, services.voice, services.post_office, slack, discord)
            goodbyes = [asyncio.create_task(each.close()) for each in outside if each]
            await asyncio.wait(goodbyes, timeout=GOODBYES_WITHIN)
            await _cancel(*goodbyes)

    async def _reload_once(self, services: Services) -> None:
        """One step: wait to be told, then apply the file."""
        await self._reload.wait()
        self._reload.clear()
        config = load_config(self._settings.config, os.environ, require_secrets=True)
        applied = await services.store.transact(apply_config, config, by="reload", at=services.clock.now(), salt=services.salt())
        log.info("config applied", version=applied.version, changes=len(applied.changes))
        services.owed.set()


def _background(services: Services, slack: Slack | None) -> list[Coroutine[Any, Any, None]]:
    work = [forever(partial(show_next, services)) for _ in range(SHOWN_TOGETHER)]
    work += [forever(partial(tend_next, services)) for _ in range(TEXTED_TOGETHER)]
    work += [forever(partial(deliver_next, services)) for _ in range(EMAILED_TOGETHER)]
    work += [forever(partial(hand_over_next, services)) for _ in range(LEAVING_TOGETHER)]
    work += [forever(partial(place_next, services)) for _ in range(CALLED_TOGETHER)]
    if slack:
        work += [forever(slack.watch_sockets), forever(slack.look_for_places), forever(slack.look_who_is_here)]
    return work


async def _first_of(*tasks: asyncio.Task[Any], goes_on: list[asyncio.Task[None]]) -> None:
    """Wait for the first to end; those of `goes_on` may end well without ending anything. Raises what one of them died of."""
    waiting = {*tasks, *goes_on}
    while True:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        if done - set(goes_on):
            return


async def _cancel(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def listening_socket(host: str, port: int) -> socket.socket:
    """The door itself, so that what is in its way is told in one sentence. Raises PortInUse and BadSettings."""
    door = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
    except (OSError, UnicodeError) as error:
        door.close()
        raise _in_its_way(error, host, port) from error
    return door


def _in_its_way(error: OSError | UnicodeError, host: str, port: int) -> LeadbellError:
    instead = "Set it to 127.0.0.1 behind a reverse proxy, or to 0.0.0.0 in a container."
    if isinstance(error, socket.gaierror | UnicodeError):
        return BadSettings(f"LEADBELL_HOST is {host}, and nothing of that name is known here. {instead}")
    match error.errno:
        case errno.EADDRINUSE:
            return PortInUse(f"Port {port} is already in use. Stop the program that has it, or set LEADBELL_PORT to another number.")
        case errno.EADDRNOTAVAIL:
            return BadSettings(f"LEADBELL_HOST is {host}, which is no address of this machine. {instead}")
        case errno.EACCES:
            from_there = "and have the reverse proxy send what comes to this one there."
            return BadSettings(
                f"Port {port} wants more rights than Leadbell should have. Set LEADBELL_PORT to one from 1024 up, {from_there}"
            )
        case number:
            name = errno.errorcode.get(number or 0, "no reason given")
            return BadSettings(f"Leadbell cannot listen on port {port} of {host} ({name}). Check LEADBELL_HOST and LEADBELL_PORT.")


class Server(uvicorn.Server):
    """uvicorn, except that signals are ours: what is being drawn is finished first."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
