"""A person is erased: found by a lead, a phone or an email, counted, and taken out once somebody typed how many leads that is."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.errors import LeadbellError
from bot.rules.phones import read_phone
from bot.speed_to_lead.paging import TO_STAFF
from bot.store.erasing import Erased, Subject, erase, people_of_lead, people_with_key
from bot.store.installation import contact_key


class NobodyFound(LeadbellError):
    """Nobody whom we know is meant by that."""


class ChangedMeanwhile(LeadbellError):
    def __init__(self) -> None:
        super().__init__("What is known of this person changed since it was counted, so nothing was erased. Type the command again.")


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is meant: the people of one lead, or whoever has this phone or email."""

    lead: int | None = None
    phone: str | None = None
    email: str | None = None


def find_subject(session: Session, hash_key: bytes, asked: Asked) -> Subject:
    """Raises NobodyFound."""
    if asked.lead is not None:
        found = people_of_lead(session, asked.lead)
    elif asked.phone is not None:
        number = read_phone(asked.phone)
        if number is None:
            raise NobodyFound("That is no phone number. Write it as +15125550142.")
        found = people_with_key(session, contact_key(hash_key, "phone", number))
    else:
        found = people_with_key(session, contact_key(hash_key, "email", (asked.email or "").strip().lower()))
    if not (found.borrowers or found.keys):
        raise NobodyFound("Nobody whom we know is meant by that.")
    return found


def erase_subject(session: Session, hash_key: bytes, asked: Asked, counted: Subject, at: datetime, salt: str) -> Erased:
    """The transaction. Raises ChangedMeanwhile where not just those are meant any more who were counted."""
    if find_subject(session, hash_key, asked) != counted:
        raise ChangedMeanwhile
    return erase(session, counted, TO_STAFF, at, salt)
