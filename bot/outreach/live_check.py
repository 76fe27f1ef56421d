"""leadbell check --live, at Twilio: account, sender, registration, where borrowers' answers go; at mail server, mailbox and Meta."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import aiohttp
from aiosmtplib import SMTPAuthenticationError, SMTPException

from bot.clock import SystemClock
from bot.findings import Finding
from bot.outreach.email import CALL_LIMIT, connect
from bot.outreach.guard import session_to
from bot.outreach.inbox import ImapInbox, InboxAway, LoginRefused, NoSuchFolder
from bot.outreach.meta import Graph, GraphSilent
from bot.settings import Mailbox, MailServer, TwilioAccount

TWILIO, TWILIO_MESSAGING = "https://api.twilio.com", "https://messaging.twilio.com"
ANSWER_WITHIN = aiohttp.ClientTimeout(total=8)
JSON = dict[str, Any]


class _Refused(Exception):
    """Twilio answered with an error of its own."""


async def check_twilio(account: TwilioAccount, numbers: Iterable[str]) -> AsyncIterator[Finding]:
    """What there is to say of the phone network's side, and of these numbers that teams have to themselves. Nothing is sent."""
    auth = aiohttp.encode_basic_auth(account.sid, account.auth_token)
    async with session_to(account.api_url, headers={"Authorization": auth}, timeout=ANSWER_WITHIN) as session:
        try:
            for finding in _account(await _get(session, f"{_root(account)}.json")):
                yield finding
            check = _service if account.sender.startswith("MG") else _number
            async for finding in check(session, account):
                yield finding
            async for finding in _voice(session, account):
                yield finding
            for number in numbers:
                for finding in await _of_a_team(session, account, number):
                    yield finding
        except _Refused as refused:
            yield Finding("missing", f"Twilio answers {refused}. Check TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and the sender.")
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            yield Finding("missing", f"Twilio cannot be reached ({type(error).__name__}).")


async def check_mail(server: MailServer) -> Finding:
    """Whether the mail server lets us in. Nothing is sent."""
    try:
        async with asyncio.timeout(CALL_LIMIT):
            smtp = await connect(server)
            await smtp.quit()
    except SMTPAuthenticationError as refused:
        return Finding(
            "missing", f"The mail server {server.host} refuses the login, code {refused.code}. Check user and password in SMTP_URL."
        )
    except (SMTPException, OSError) as error:
        where = f"{server.host}:{server.port}"
        return Finding("missing", f"The mail server {where} cannot be reached or trusted ({type(error).__name__}). Check SMTP_URL.")
    return Finding("ok", f"The mail server {server.host} lets Leadbell in.")


async def check_mailbox(mailbox: Mailbox) -> Finding:
    """Whether the mailbox can be read. Nothing is changed there."""
    inbox = ImapInbox(mailbox)
    try:
        await inbox.look()
    except InboxAway as trouble:
        match str(trouble):
            case LoginRefused.__name__:
                said = f"The mailbox server {mailbox.host} refuses the login. Check user and password in IMAP_URL."
            case NoSuchFolder.__name__:
                said = f"The mailbox has no folder {mailbox.folder}. IMAP_URL ends with one that it has, such as /INBOX."
            case kind:
                said = f"The mailbox server {mailbox.host}:{mailbox.port} cannot be reached or trusted ({kind}). Check IMAP_URL."
        return Finding("missing", said)
    finally:
        inbox.close()
    return Finding("ok", f"The mailbox at {mailbox.host} can be read.")


async def check_meta(url: str, source: str, token_in: str, forms: Iterable[str]) -> AsyncIterator[Finding]:
    """Whether Meta hands the leads of these forms out. It is asked for those that were made after now, so none is read."""
    graph = Graph(url)
    try:
        for form in forms:
            whose = f"form {form} of source {source}"
            try:
                await graph.leads_since(form, SystemClock().now(), os.environ.get(token_in, ""))
            except GraphSilent as silent:
                said = f"Meta hands out no leads of {whose}: {silent.because}. Check {token_in} and the form's number."
                yield Finding("missing", said)
            else:
                yield Finding("ok", f"Meta hands out the leads of {whose}.")
    finally:
        await graph.close()


def _root(account: TwilioAccount) -> str:
    return f"{account.api_url.rstrip('/')}/2010-04-01/Accounts/{account.sid}"


async def _get(session: aiohttp.ClientSession, url: str, **query: str) -> JSON:
    async with session.get(url, params=query, allow_redirects=False) as answer:
        if answer.status != 200:
            raise _Refused(f"status {answer.status}")
        found: JSON = await answer.json(content_type=None)
        return found


def _account(found: JSON) -> Iterator[Finding]:
    if found.get("status") == "active":
        yield Finding("ok", f"The Twilio account {found.get('friendly_name', '')} is active.")
    else:
        yield Finding("missing", f"The Twilio account is {found.get('status')}. Its owner settles that at Twilio.")
    if found.get("type") == "Trial":
        yield Finding("to do", "It is a trial account, which texts only to numbers that you verified there. Its owner upgrades it.")


async def _number(session: aiohttp.ClientSession, account: TwilioAccount) -> AsyncIterator[Finding]:
    found = (await _get(session, f"{_root(account)}/IncomingPhoneNumbers.json", PhoneNumber=account.sender))["incoming_phone_numbers"]
    number = next((each for each in found if each.get("phone_number") == account.sender), None)
    if number is None:
        yield Finding("missing", f"{account.sender} is no number of this Twilio account. Set TWILIO_FROM to one of yours.")
        return
    if not (number.get("capabilities") or {}).get("sms"):
        yield Finding("missing", f"{account.sender} cannot text. Choose a number with SMS.")
    yield _answers_go(account, number.get("sms_url"))


async def _voice(session: aiohttp.ClientSession, account: TwilioAccount) -> AsyncIterator[Finding]:
    """Whether calls can be made, and where calls to us go."""
    if account.voice is None:
        yield Finding("note", "TWILIO_VOICE_FROM is not set, so calls are off. Officers dial by hand.")
        return
    found = (await _get(session, f"{_root(account)}/IncomingPhoneNumbers.json", PhoneNumber=account.voice))["incoming_phone_numbers"]
    number = next((each for each in found if each.get("phone_number") == account.voice), None)
    if number is None or not (number.get("capabilities") or {}).get("voice"):
        yield Finding("missing", f"{account.voice} cannot call. Set TWILIO_VOICE_FROM to a number of this account with Voice.")
        return
    yield Finding("ok", f"Calls come from {account.voice}.")
    address = f"{account.public_url}/twilio/calls"
    if number.get("voice_url") == address:
        yield Finding("ok", f"Calls to {account.voice} come to Leadbell.")
    else:
        yield Finding(
            "to do", f"Borrowers who call {account.voice} do not reach Leadbell. At Twilio, set {address} (POST) for incoming calls."
        )


async def _of_a_team(session: aiohttp.ClientSession, account: TwilioAccount, ours: str) -> list[Finding]:
    """Whether borrowers can hear from it, and answer."""
    found = (await _get(session, f"{_root(account)}/IncomingPhoneNumbers.json", PhoneNumber=ours))["incoming_phone_numbers"]
    number = next((each for each in found if each.get("phone_number") == ours), None)
    if number is None:
        return [Finding("missing", f"{ours} is no number of this Twilio account. Take it out of the team's numbers, or buy it there.")]
    can = number.get("capabilities") or {}
    lacks = [
        *(["SMS"] if not can.get("sms") else []),
        *(["Voice"] if account.voice is not None and not can.get("voice") else []),
    ]
    if lacks:
        return [Finding("missing", f"{ours} has no {' and no '.join(lacks)}. Choose another for the team.")]
    calls = f"{account.public_url}/twilio/calls"
    findings: list[Finding] = []
    if number.get("sms_url") != _inbound(account) and not (account.sender.startswith("MG") and await _in_service(session, account, ours)):
        said = f"Borrowers' answers to {ours} do not come to Leadbell. At Twilio, set {_inbound(account)} (POST) for incoming messages."
        findings.append(Finding("missing", said))
    if account.voice is not None and number.get("voice_url") != calls:
        said = f"Borrowers who call {ours} do not reach Leadbell. At Twilio, set {calls} (POST) for incoming calls."
        findings.append(Finding("to do", said))
    return findings or [
        Finding("ok", f"{ours} texts{' and calls' if account.voice is not None else ''}, and what comes there reaches Leadbell.")
    ]


async def _in_service(session: aiohttp.ClientSession, account: TwilioAccount, ours: str) -> bool:
    """Whether the number is one of the service's, which then says where its texts go."""
    base = f"{_messaging(account)}/v1/Services/{account.sender}"
    page = await _get(session, f"{base}/PhoneNumbers", PageSize="1000")
    service = await _get(session, base)
    its_own = any(each.get("phone_number") == ours for each in page.get("phone_numbers") or [])
    return its_own and not service.get("use_inbound_webhook_on_number") and service.get("inbound_request_url") == _inbound(account)


async def _service(session: aiohttp.ClientSession, account: TwilioAccount) -> AsyncIterator[Finding]:
    base = _messaging(account)
    service = await _get(session, f"{base}/v1/Services/{account.sender}")
    if service.get("use_inbound_webhook_on_number"):
        yield Finding("to do", f"The service leaves borrowers' answers to each number: set {_inbound(account)} at each of them.")
    else:
        yield _answers_go(account, service.get("inbound_request_url"))
    campaigns = (await _get(session, f"{base}/v1/Services/{account.sender}/Compliance/Usa2p")).get("compliance") or []
    stands = [str(campaign.get("campaign_status")) for campaign in campaigns]
    if "VERIFIED" in stands:
        yield Finding("ok", "The service's 10DLC campaign is verified.")
    else:
        known = f"it is {stands[0].lower()}" if stands else "there is none"
        yield Finding("to do", f"No verified 10DLC campaign: {known}. Whoever owns the Twilio account registers it; it takes weeks.")


def _messaging(account: TwilioAccount) -> str:
    return TWILIO_MESSAGING if account.api_url.rstrip("/") == TWILIO else account.api_url.rstrip("/")


def _answers_go(account: TwilioAccount, url: object) -> Finding:
    if url == _inbound(account):
        return Finding("ok", f"Borrowers' answers to {account.sender} come to Leadbell.")
    return Finding(
        "missing", f"Borrowers' answers do not come to Leadbell. At Twilio, set {_inbound(account)} (POST) for incoming messages."
    )


def _inbound(account: TwilioAccount) -> str:
    return f"{account.public_url}/twilio/messages"
