"""The owner's first words in a thread after the borrower wrote may be meant for the borrower, who never sees them: the owner is told."""

from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.leads.press import Press
from bot.leads.working import allowed
from bot.services import Services
from bot.store.events import Fact, append_event, events_since
from bot.store.messages import newest_from_borrower
from bot.store.seen import once
from bot.store.views import LeadView, lead_view

ANSWERED = frozenset({"texted", "emailed", "logged", "overheard"})
"""What may stand after the borrower's words so that the next ones in the thread are talk between colleagues."""


@dataclass(frozen=True, slots=True)
class MeantForBorrower:
    """Only the team saw these words."""

    lead: int
    kind: Literal["meant_for_borrower"] = "meant_for_borrower"


@dataclass(frozen=True, slots=True)
class Chatter:
    """Words between colleagues."""

    kind: Literal["chatter"] = "chatter"


Heard = MeantForBorrower | Chatter
_answers: TypeAdapter[Heard] = TypeAdapter(Heard)


async def overhear(services: Services, said: Press) -> LeadView | None:
    """Somebody wrote in a lead's thread; the lead where its owner has to be told that the borrower did not read it."""
    if not isinstance(await services.store.transact(overhear_words, said), MeantForBorrower):
        return None
    return await services.store.read(lead_view, said.lead)


def overhear_words(session: Session, said: Press) -> Heard:
    """The transaction of words in a thread. Once for each text of the borrower's."""
    return once(session, said.delivery, said.at, _answers, lambda: _decide(session, said))


def _decide(session: Session, said: Press) -> Heard:
    refused, _, person = allowed(session, said)
    if refused is not None:
        return Chatter()
    text = newest_from_borrower(session, said.lead)
    if (
        text is None
        or text.status == "opt_out"
        or any(event.kind in ANSWERED for event in events_since(session, said.lead, text.event_seq))
    ):
        return Chatter()
    fact = Fact("overheard", f"officer:{person.key}", said.at, {"text": text.id}, officer_id=said.officer_id)
    append_event(session, said.lead, fact, said.salt)
    return MeantForBorrower(said.lead)
