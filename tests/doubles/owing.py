"""Whether Leadbell still owes somebody something: a story that says what did not happen has to know that all has been decided."""

from datetime import datetime

from sqlmodel import Session, col, select

from bot.scheduling.due_loop import IN_BUSINESS_TIME
from bot.services import Services
from bot.store.calls import owed_calls
from bot.store.clocks import next_clock_due
from bot.store.drips import next_drip_due
from bot.store.groups import next_group_due
from bot.store.messages import owed_texts
from bot.store.outbound import Message
from bot.store.postings import Posting, next_stale

_SHOWN_LATER = select(Posting.id).where(col(Posting.due_at).is_not(None))
_LEAVING = select(Message.id).where(Message.status == "sending")
_DECIDED = (next_clock_due, next_drip_due, next_group_due, next_stale, *(work.next_due for work in IN_BUSINESS_TIME))


async def nothing_is_owed(services: Services) -> bool:
    """Whether all that is due by now is decided and done, and all that should be shown is shown, or was given up."""
    if _something_is_in_hand(services):
        return False
    return await services.store.read(_nothing_is_due, services.clock.now()) and not _something_is_in_hand(services)


def _something_is_in_hand(services: Services) -> bool:
    queues = (services.leased, services.leaving, services.texts, services.emails, services.calls)
    return bool(services.tended or services.called or any(queue.qsize() for queue in queues))


def _nothing_is_due(session: Session, now: datetime) -> bool:
    """Decisions are asked for before what they owe: what is decided in between is found there."""
    if any(at is not None and at <= now for at in (next_due(session) for next_due in _DECIDED)):
        return False
    owed = (owed_texts(session, now), owed_calls(session, now), session.exec(_LEAVING).first(), session.exec(_SHOWN_LATER).first())
    return not any(owed)
