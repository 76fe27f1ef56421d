"""People whom the example company hires, and what somebody else changed of one of them."""

from typing import Any

from sqlmodel import Session, col, select, update

from bot.store.people import Officer, Team, TeamOfficer


def hire(session: Session, many: int) -> None:
    """So many officers more for Austin."""
    austin = session.exec(select(Team.id).where(Team.key == "austin")).one()
    for number in range(many):
        key = f"hired-{number}"
        officer = Officer(key=key, name=f"Helper {number}", email=f"{key}@acme.example", licenses={"TX": None}, languages=["en"])
        session.add(officer)
        session.flush()
        assert officer.id is not None and austin is not None
        session.add(TeamOfficer(team_id=austin, officer_id=officer.id))


def changed_meanwhile(session: Session, key: str, values: dict[str, Any]) -> None:
    session.exec(update(Officer).where(col(Officer.key) == key).values(values))
