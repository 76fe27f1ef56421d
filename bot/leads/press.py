"""Somebody pressed or typed something about a lead."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import structlog
from structlog.contextvars import bind_contextvars, get_contextvars

from bot.services import Services

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SeenCard:
    """The message that was pressed: proof that this card exists, even if the answer to its posting was lost."""

    platform: str
    channel: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Press:
    """Counts once per `delivery`, however often the platform delivers it."""

    delivery: str
    lead: int
    officer_id: int
    at: datetime
    salt: str
    card: SeenCard | None = None


@dataclass(frozen=True, slots=True)
class NoSuchLead:
    lead: int
    kind: Literal["no_such_lead"] = "no_such_lead"


def press(services: Services, delivery: str, lead: int, officer_id: int, card: SeenCard | None = None) -> Press:
    if get_contextvars().get("delivery") != delivery:
        bind_contextvars(lead=lead, delivery=delivery)  # for all that is logged until this press is done with
        log.info("somebody pressed or typed", officer=officer_id)
    return Press(delivery, lead, officer_id, services.clock.now(), services.salt(), card)
