"""What is said on a call and done with it next; whose call of ours the network speaks of."""

from dataclasses import dataclass

from sqlmodel import Session

from bot.config.models import Recording
from bot.rendering import PLAIN, Words
from bot.rules.phones import read_phone
from bot.services import Services
from bot.store.calls import (
    ASKED_AFTER,
    CallRow,
    change_call,
    lock_call,
    wait_with_call,
)
from bot.store.people import phone_of, team_of
from bot.store.views import LeadView

CONNECT = "1"
"""What an officer presses to be connected, so that no voicemail of theirs ever is."""
CONNECT_OR_LEAVE = "2"
"""The same, with our recorded words for a machine that answers."""
spoken = Words("voice", PLAIN)


@dataclass(frozen=True, slots=True)
class Asks:
    """Say this, and wait for a digit."""

    words: str
    language: str


@dataclass(frozen=True, slots=True)
class Says:
    """Say this and hang up; nothing where there is nothing to say."""

    words: str
    language: str


@dataclass(frozen=True, slots=True)
class Connects:
    """Ring this number and connect whoever picks up; they see this one of ours, else the one that all teams share.
    `hears_machines`: it is told whether a machine picked up, once it is through with its greeting."""

    number: str
    our_number: str | None = None
    hears_machines: bool = False
    announces: Says | None = None
    """What both ends hear before they are connected, where the call is recorded."""


@dataclass(frozen=True, slots=True)
class Rings:
    """Say this, ring one of us, and connect the caller once they press 1."""

    number: str
    announces: "Says | None" = None
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class Records:
    """Say this, then record what is said after a tone, until # is pressed or nobody speaks."""

    words: str
    language: str


@dataclass(frozen=True, slots=True)
class PlaysBack:
    """Play this recording, say this, and wait for a digit."""

    recording_id: str
    words: str
    language: str


@dataclass(frozen=True, slots=True)
class Leaves:
    """Play an officer's own recording between these words, and hang up."""

    before: str
    recording_id: str
    after: str
    language: str


Spoken = Asks | Connects | Rings | Says | Records | PlaysBack | Leaves


NOTHING = Says("", "en")


def own_phone(session: Session, officer_id: int | None) -> str | None:
    """The number at which one of us is rung."""
    phone = None if officer_id is None else phone_of(session, officer_id)
    return read_phone(phone) if phone else None


def note_id(session: Session, call: CallRow, provider_id: str, provider: str) -> None:
    """Keep by what the network knows a call, which is locked; from now on it rings."""
    if call.provider_id is None:
        change_call(session, call.id, provider=provider, provider_id=provider_id)
    if call.status in ("queued", "placing", "uncertain"):
        wait_with_call(session, call.id, "ringing", ASKED_AFTER)


def name_of(services: Services) -> str:
    assert services.voice is not None, "its doors are closed while calls are off"
    return services.voice.name


def ours(session: Session, call_id: int, provider_id: str, provider: str) -> CallRow | None:
    """The call, locked, that the network asks about; None where it is over, or the network's call is another one."""
    call = lock_call(session, call_id)
    return call if call is not None and is_ours(call, provider_id, provider) else None


def is_ours(call: CallRow, provider_id: str, provider: str) -> bool:
    """Whether the network, which knows a call by this id, speaks of this one, and it is not over."""
    return call.status != "over" and (call.provider, call.provider_id) in ((None, None), (provider, provider_id))


def announced(session: Session, lead: LeadView, recording: Recording | None, language: str) -> Says | None:
    """What who reads this language hears of the recording; None where calls of the lead's team are not recorded."""
    if recording is None or (recording.teams and lead.team_id not in {team_of(session, key) for key in recording.teams}):
        return None
    return Says(announcement_in(recording, language), language)


def announcement_in(recording: Recording, language: str) -> str:
    return recording.announcement.es if language == "es" else recording.announcement.en
