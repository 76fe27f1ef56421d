"""python -m tests.doubles.run_with_failpoint POINT SIGNAL: `leadbell run` that sends itself SIGKILL or SIGSTOP at a named point, once."""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from unittest.mock import patch

from sqlmodel import Session
from twilio.http.response import Response

from bot import cli
from bot.capture import intake
from bot.capture.intake import Conflict, NewArrival, Received
from bot.chat import Shown
from bot.conversation.replying import receive_email
from bot.handlers.slack.platform import SlackPlatform
from bot.nurture.rate_alerts import decide_rates
from bot.outreach.email import MailServerPost
from bot.outreach.post import Letter, PostAnswer
from bot.outreach.sms import TwilioRequests
from bot.scheduling import due_loop
from bot.store.database import Store
from bot.store.meta import keep_promise
from bot.store.postings import Lease

Strike = Callable[[], None]


def before_commit(strike: Strike) -> None:
    """A lead is written, but not yet committed."""
    record = intake.record_arrival

    def struck(session: Session, new: NewArrival) -> Received | Conflict:
        outcome = record(session, new)
        strike()
        return outcome

    patch.object(intake, "record_arrival", struck).start()


def after_commit(strike: Strike) -> None:
    """A lead is durable, but its sender has no answer yet and nobody draws its card."""
    transact = Store.transact

    async def struck(store: Store, change: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        outcome = await transact(store, change, *args, **kwargs)
        if change is intake.record_arrival:
            strike()
        return outcome

    patch.object(Store, "transact", struck).start()


def before_post(strike: Strike) -> None:
    """Somebody holds a card's lease, and Slack has not heard of it."""
    show = SlackPlatform._show

    async def struck(platform: SlackPlatform, *args: Any, **kwargs: Any) -> Shown:
        strike()
        return await show(platform, *args, **kwargs)

    patch.object(SlackPlatform, "_show", struck).start()


def after_post(strike: Strike) -> None:
    """Slack has accepted the post, but the store does not know its message yet."""
    show = SlackPlatform._show

    async def struck(platform: SlackPlatform, *args: Any, **kwargs: Any) -> Shown:
        shown = await show(platform, *args, **kwargs)
        strike()
        return shown

    patch.object(SlackPlatform, "_show", struck).start()


def before_text(strike: Strike) -> None:
    """A text is marked as being sent, and the phone network has not heard of it."""
    request = TwilioRequests.request

    async def struck(http: TwilioRequests, method: str, uri: str, **kwargs: Any) -> Response:
        if method == "POST":
            strike()
        return await request(http, method, uri, **kwargs)

    patch.object(TwilioRequests, "request", struck).start()


def after_text(strike: Strike) -> None:
    """The phone network has the text, but the store does not know it yet."""
    request = TwilioRequests.request

    async def struck(http: TwilioRequests, method: str, uri: str, **kwargs: Any) -> Response:
        response = await request(http, method, uri, **kwargs)
        if method == "POST":
            strike()
        return response

    patch.object(TwilioRequests, "request", struck).start()


def after_email(strike: Strike) -> None:
    """The mail server has the email, but the store does not know it yet."""
    deliver = MailServerPost.deliver

    async def struck(post: MailServerPost, letter: Letter, deadline: float) -> PostAnswer:
        answer = await deliver(post, letter, deadline)
        strike()
        return answer

    patch.object(MailServerPost, "deliver", struck).start()


def after_mail(strike: Strike) -> None:
    """A borrower's answer is durable, but not that the mailbox was read so far."""
    transact = Store.transact

    async def struck(store: Store, change: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        outcome = await transact(store, change, *args, **kwargs)
        if change is receive_email:
            strike()
        return outcome

    patch.object(Store, "transact", struck).start()


def between_rates(strike: Strike) -> None:
    """Some leads were told of a rate, and the next ones were too but for their COMMIT."""
    told: list[int] = []

    def struck(session: Session, now: datetime, salt: str) -> tuple[int, list[Lease]]:
        outcome = decide_rates(session, now, salt)
        told.extend([outcome[0]] if outcome[0] else [])
        if len(told) == 2:
            strike()
        return outcome

    kinds = tuple(replace(work, decide=struck) if work.decide is decide_rates else work for work in due_loop.IN_BUSINESS_TIME)
    patch.object(due_loop, "IN_BUSINESS_TIME", kinds).start()


def before_promise_is_kept(strike: Strike) -> None:
    """A lead of Meta's is here, and the store does not know yet that it is fetched."""
    transact = Store.transact

    async def struck(store: Store, change: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if change is keep_promise:
            strike()
        return await transact(store, change, *args, **kwargs)

    patch.object(Store, "transact", struck).start()


def main(point: str, signal_name: str) -> None:
    strikes = [signal.Signals[signal_name]]

    def strike() -> None:
        if strikes:
            os.kill(os.getpid(), strikes.pop())

    points = [before_commit, after_commit, before_post, after_post, before_text, after_text, after_email, after_mail, between_rates]
    points.append(before_promise_is_kept)
    {each.__name__: each for each in points}[point](strike)
    sys.argv[1:] = ["run", "--unencrypted"]
    cli.main()


if __name__ == "__main__":
    main(*sys.argv[1:])
