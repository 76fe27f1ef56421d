"""A person is erased: found by a lead, a phone or an email, counted, and taken out once somebody typed how many leads that is."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.errors import LeadbellError
from bot.rules.phones import find_phone
from bot.speed_to_lead.paging import TO_STAFF
from bot.store.erasing import Erased, Subject, erase, people_of_lead, people_with
from bot.store.installation import contact_key
from bot.store.source_requests import lock_requests

_EMAIL = re.compile(r"(?:[^@<>]*<)?([^\s@<>,;:\"]+@[^\s@<>,;:\"]*\w)>?")
"""Alone, or as mail programs copy it: Dana Rowe <dana@example.com>."""
MOST_DIGITS = 18
"""Of one number with what is dialed before it; two have more."""


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
    """Raises NobodyFound, also where what was typed is not one phone or one email alone: nobody can bring back who was not meant."""
    found = _meant(session, hash_key, asked)
    if not (found.borrowers or found.keys or found.requests):
        raise NobodyFound("Nobody whom we know is meant by that.")
    return found


def _meant(session: Session, hash_key: bytes, asked: Asked) -> Subject:
    if asked.lead is not None:
        return people_of_lead(session, asked.lead)
    if asked.phone is not None:
        phone = _one_phone(asked.phone)
        return people_with(session, "phone", phone, contact_key(hash_key, "phone", phone))
    email = _one_email(asked.email or "")
    return people_with(session, "email", email, contact_key(hash_key, "email", email))


def _one_phone(typed: str) -> str:
    found = find_phone(typed)
    if found is None:
        raise NobodyFound("That is no phone number. Write it as +15125550142.")
    if not found.alone or sum(each.isdigit() for each in typed) > MOST_DIGITS:
        raise NobodyFound("That is not one phone number alone. Write it without an extension or a second one, as +15125550142.")
    return found.number


def _one_email(typed: str) -> str:
    found = _EMAIL.fullmatch(typed.strip().lower())
    if found is None:
        raise NobodyFound("That is not one email address alone. Write it as dana@example.com.")
    return found[1]


def erase_subject(session: Session, hash_key: bytes, asked: Asked, counted: Subject, at: datetime, salt: str) -> Erased:
    """The transaction. Raises ChangedMeanwhile where not just those are meant any more who were counted."""
    lock_requests(session, counted.requests)
    if _meant(session, hash_key, asked) != counted:
        raise ChangedMeanwhile
    return erase(session, counted, TO_STAFF, at, salt)
