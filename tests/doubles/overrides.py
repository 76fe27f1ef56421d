"""What a running company lets its officers do against the rules changes."""

from datetime import datetime

from sqlmodel import Session

from bot.config import Config, canonical_text
from bot.services import Services
from bot.store.people import ConfigVersion

CALLS_OUTSIDE_HOURS = {"# overrides: [": "overrides: ["}
"""What to change in the example config so that owners may call outside the hours."""


async def switch_overrides_off(services: Services | None) -> None:
    """A config that lets nobody do anything comes into force. Nothing else changes: people keep ids that only a test gave them."""
    assert services is not None
    config = services.in_force.config.model_copy(update={"overrides": ()})
    await services.store.transact(_keep, config, services.clock.now())


def _keep(session: Session, config: Config, at: datetime) -> None:
    session.add(ConfigVersion(text=canonical_text(config), digest="overrides are off", applied_at=at, applied_by="test"))
