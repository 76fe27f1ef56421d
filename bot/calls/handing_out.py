"""What the phone network fetches from us, to send or to play, is at addresses that nobody can guess and that are over in time."""

import re
from datetime import UTC, datetime, timedelta

from bot.rules.signed import said_by_us, signed
from bot.services import Services
from bot.store.message_files import file_of

HOLDS_FOR = timedelta(hours=12)
"""A text may wait ten hours with the network, which may fetch again what leaves with it."""
PLAYED_WITHIN = timedelta(minutes=15)
_RECORDING = re.compile(r"(RE[0-9a-f]{32})\.(\d{1,12})", re.ASCII)
_FILE = re.compile(r"([1-9]\d{0,17})\.([1-9]\d?)\.(\d{1,12})", re.ASCII)


def public_links(services: Services, text_id: int, files: int) -> tuple[str, ...]:
    """An address for each of so many files of a text."""
    until = int((services.clock.now() + HOLDS_FOR).timestamp())
    said = [f"{text_id}.{place}.{until}" for place in range(1, files + 1)]
    return tuple(f"{services.public_url}/o/{signed(services.hash_key, 'sent', each)}" for each in said)


def recording_link(services: Services, recording_id: str) -> str:
    """The address from which the network plays an officer's own recording."""
    said = f"{recording_id}.{int((services.clock.now() + PLAYED_WITHIN).timestamp())}"
    return f"{services.public_url}/v/{signed(services.hash_key, 'sent', said)}"


def played(services: Services, token: str) -> str | None:
    """The recording at such an address; None once it is over, or where it is none of ours."""
    found = _RECORDING.fullmatch(said_by_us(services.hash_key, "sent", token) or "")
    return found[1] if found and services.clock.now() < datetime.fromtimestamp(int(found[2]), UTC) else None


async def fetched(services: Services, token: str) -> bytes | None:
    """What is at such an address; None once it is over, or where it is none of ours."""
    found = _FILE.fullmatch(said_by_us(services.hash_key, "sent", token) or "")
    if found is None or services.clock.now() >= datetime.fromtimestamp(int(found[3]), UTC):
        return None
    return await services.store.read(file_of, int(found[1]), int(found[2]))
