"""Somebody whom nobody knows texted us: who leads the team makes a lead of them. They asked for an answer, and agreed to no more."""

from dataclasses import dataclass, replace

from sqlmodel import Session

from bot.capture import intake
from bot.capture.intake import NewArrival, Received, record_arrival
from bot.conversation.relay import Placed, PlaceOutcome, may_place, note_placed, place_answers, put_there
from bot.in_force import SourceInForce, TeamInForce
from bot.leads.press import Press
from bot.rules.languages import written_language
from bot.services import Services
from bot.sources.new_lead import Consent, NewLead, Phone
from bot.store.messages import TextRow, lock_text, text_row
from bot.store.people import OF_OUR_OWN, answers, own_source, team_of
from bot.store.postings import Lease
from bot.store.seen import once

LABEL = "Text"
"""What officers read as the source, until a config names it otherwise."""
INQUIRY = "Inbound inquiry only: this person texted us first, and agreed to nothing else."


@dataclass(frozen=True, slots=True)
class _Texter:
    """The text, and the source that counts who comes like this."""

    text: TextRow
    source: SourceInForce


async def begin_lead(services: Services, pressed: Press, text_id: int) -> PlaceOutcome:
    """Whoever wrote this is a new lead: it rings like any other, and the words stand in its thread."""
    texter = await services.store.transact(_look, text_id, services.in_force.config.default_team)
    outcome, leases = await services.store.transact(begin, pressed, text_id, _arrival(services, texter))
    services.owe(leases)
    return outcome


def _look(session: Session, text_id: int, default_team: str) -> _Texter:
    text = text_row(session, text_id)
    assert text is not None, "texts are never deleted"
    row = own_source(session, LABEL, team_of(session, default_team))
    source = SourceInForce(
        id=row.id,
        key=OF_OUR_OWN,
        label=row.label,
        team=TeamInForce(row.team_id, row.team_name, answers(row)),
        price=row.price,
        max_per_minute=0,
    )
    return _Texter(text, source)


def _arrival(services: Services, texter: _Texter) -> NewArrival:
    text, source = texter.text, texter.source
    key = services.in_force.config.team_with(text.our_number or "")
    if key is not None:
        source = replace(source, team=services.in_force.teams[key])
    lead = NewLead(
        external_id=text.provider_id,
        submitted_at=text.created_at,
        phones=(Phone(text.address),),
        language="es" if written_language(text.words) == "es" else None,
        consent=Consent(text=INQUIRY, given_at=text.created_at),
    )
    return replace(intake.prepare(services, source, lead), greets_as=None)  # they wait for an answer, not for a greeting


def begin(session: Session, by: Press, text_id: int, new: NewArrival) -> tuple[PlaceOutcome, list[Lease]]:
    """The transaction of that answer. Whoever is first decides."""
    text = lock_text(session, text_id)
    assert text is not None, "texts are never deleted"
    leases: list[Lease] = []

    def said() -> PlaceOutcome:
        refused, key = may_place(session, by, text)
        if refused is not None:
            return refused
        received = record_arrival(session, new)
        assert isinstance(received, Received), "the network's id of a text is never another text's"
        there = replace(by, lead=received.lead)
        note_placed(session, there, key, text, "received", {})
        leases.extend((*received.leases, *put_there(session, there, text)[1]))
        return Placed(received.lead)

    return once(session, by.delivery, by.at, place_answers, said), leases
