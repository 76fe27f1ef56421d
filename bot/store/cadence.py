"""What a plan of tries rests on: how often somebody tried to reach a lead's borrower, and when its team works."""

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from bot.rules.callable_time import Calendar
from bot.store.columns import table_of
from bot.store.leads import lead
from bot.store.outbound import ContactAttempt
from bot.store.people import WORKS, Team, works
from bot.store.prepared import Prepared

_attempt, _team = table_of(ContactAttempt), table_of(Team)
tries = select(func.count()).where(_attempt.c.lead_id == lead.c.id).scalar_subquery()
"""How often somebody tried to reach the borrower of the lead in the enclosing statement."""
_tries = Prepared(select(func.count().label("tries")).where(_attempt.c.lead_id == bindparam("of_lead")))
_hours = Prepared(select(*WORKS).where(_team.c.id == bindparam("of_team")))


def tries_made(session: Session, lead_id: int) -> int:
    """How often somebody tried to reach the lead's borrower."""
    [found] = _tries.run(session, {"of_lead": lead_id})
    return int(found.tries)


def hours_of_team(session: Session, team_id: int) -> Calendar:
    [team] = _hours.run(session, {"of_team": team_id})
    return works(team)
