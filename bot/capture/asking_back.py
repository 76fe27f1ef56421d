"""What may be asked back for a bad lead: each request that was paid for, once, as long as its vendor takes it back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.leads.press import Press
from bot.rules.returns import HAD_WITHIN, due_on
from bot.store.events import Fact, append_event
from bot.store.leads import lead_of
from bot.store.postings import post_update
from bot.store.returns import Had, PaidRequest, add_return, requests_of, return_told_by


@dataclass(frozen=True, slots=True)
class Opened:
    """A return is open: the vendor is to be asked for the price until that day. `seq` is the event by which it is undone."""

    source: str
    price: int | None
    reason: str
    due_on: date
    seq: int
    had: Had | None = None
    kind: Literal["opened"] = "opened"

    @property
    def status(self) -> str:
        return "open"


@dataclass(frozen=True, slots=True)
class NoReturn:
    """The vendor takes none back, or took this one back until a day that is over; or it cost nothing, or was asked for already."""

    source: str
    because: Literal["never", "late", "free", "asked"]
    due_on: date | None = None
    kind: Literal["no_return"] = "no_return"


AskedBack = Opened | NoReturn


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who opens returns of a lead, and when: an officer, or Leadbell by itself."""

    lead: int
    at: datetime
    salt: str
    actor: str = "leadbell"
    name: str | None = None
    officer_id: int | None = None


def ask_back(session: Session, by: Press, person: tuple[str, str], reason: str, worth: int, log_seq: int | None = None) -> list[AskedBack]:
    """Open what returns there may be, by this person's key and name. The lead is locked by the caller.

    A duplicate is what came after the first request, and the first one too where the whole lead is one; a wrong number or no intent is
    true of all of them. What was decided in the event `log_seq` takes its returns back when it is undone.
    """
    key, name = person
    asker = _Asker(by.lead, by.at, by.salt, f"officer:{key}", name, by.officer_id)
    requests = requests_of(session, by.lead)
    if reason == "duplicate" and len(requests) > 1 and lead_of(session, by.lead).stage != "duplicate":
        requests = requests[1:]
    return [_refused(request, asker) or _open(session, asker, reason, worth, request, log_seq) for request in requests]


def ask_back_by_itself(session: Session, lead_id: int, arrival_id: int, reason: str, at: datetime, salt: str, worth: int) -> None:
    """Open the return of this request, where its vendor takes it back: whoever leads the team reads of it at four, and may drop it."""
    asker = _Asker(lead_id, at, salt)
    for request in requests_of(session, lead_id):
        if request.arrival_id == arrival_id and _refused(request, asker) is None:
            _open(session, asker, reason, worth, request, None)


def ask_back_what_we_had(session: Session, lead_id: int, arrival_id: int, at: datetime, salt: str, worth: int) -> None:
    """The same for a request that joined a lead, where another one of the lead came lately: the vendor sold us whom we had.

    The thread hears of the first one: whoever sends twenty fills it with nothing.
    """
    requests = requests_of(session, lead_id)
    [this] = [each for each in requests if each.arrival_id == arrival_id]
    had = any(each.arrival_id < arrival_id and each.received_at >= at - HAD_WITHIN for each in requests)
    asker = _Asker(lead_id, at, salt)
    if had and _refused(this, asker) is None:
        told = all(each.asked is None for each in requests)
        _open(session, asker, "duplicate", worth, this, None, told=told)


def _refused(request: PaidRequest, by: _Asker) -> NoReturn | None:
    if request.asked is not None:
        return NoReturn(request.source, "asked")
    if request.return_days is None:
        return NoReturn(request.source, "never")
    if request.price == 0:
        return NoReturn(request.source, "free")
    last_day = due_on(request.received_at, request.return_days, request.zone)
    return NoReturn(request.source, "late", last_day) if by.at.astimezone(ZoneInfo(request.zone)).date() > last_day else None


def _open(session: Session, by: _Asker, reason: str, worth: int, request: PaidRequest, log_seq: int | None, *, told: bool = True) -> Opened:
    assert request.return_days is not None, "else it was refused"
    last_day = due_on(request.received_at, request.return_days, request.zone)
    meta = {
        "officer": by.name, "source": request.source, "arrival": request.arrival_id, "price": request.price, "reason": reason,
        "due_on": last_day.isoformat(),
    }  # fmt: skip
    seq = append_event(session, by.lead, Fact("return_opened", by.actor, by.at, meta, officer_id=by.officer_id), by.salt)
    row = {
        "lead_id": by.lead, "source_id": request.source_id, "arrival_id": request.arrival_id, "price": request.price, "reason": reason,
        "due_on": last_day, "opened_at": by.at, "opened_by": by.officer_id, "opened_seq": seq, "log_seq": log_seq,
    }  # fmt: skip
    add_return(session, row)
    if told:
        post_update(session, by.lead, "return", seq, worth)
    had = return_told_by(session, by.lead, seq).had if reason == "duplicate" else None
    return Opened(request.source, request.price, reason, last_day, seq, had)
