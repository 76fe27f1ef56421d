"""The closed set of what is told in a lead's thread (updates) and to a person about a lead (notices): facts, without words."""

from dataclasses import dataclass
from datetime import datetime

from bot.store.views import Drawing


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """A second request for the same loan came in."""

    source: str
    after_minutes: int
    first_source: str


@dataclass(frozen=True, slots=True)
class GivenBack:
    """The owner gave the lead back to the pool."""

    officer: str


Update = AskedAgain | GivenBack
"""What a thread is told."""


@dataclass(frozen=True, slots=True)
class Yours:
    """You claimed this lead and still own it: here is the borrower."""

    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class NoLongerYours:
    """You owned this lead; the number is hidden again."""


Notice = Yours | NoLongerYours
"""What a person is told."""


def update_of(drawing: Drawing) -> Update:
    """The update that an update posting tells, from its event."""
    assert drawing.event is not None
    meta = drawing.event.meta
    match drawing.topic:
        case "asked_again":
            return AskedAgain(meta["source"], meta["after_minutes"], meta["first_source"])
        case "given_back":
            return GivenBack(meta["officer"])
    raise ValueError(f"no update is called {drawing.topic!r}")


def notice_of(drawing: Drawing) -> Notice:
    """The notice that holds now for a notice posting: the claim it told of may have ended since."""
    assert drawing.event is not None
    holds = drawing.lead.owner_id == drawing.spot.officer_id and drawing.lead.claimed_at == drawing.event.at
    return Yours(drawing.event.at) if holds else NoLongerYours()
