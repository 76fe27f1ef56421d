"""What the phone network fetches from us, to send or to play, is at addresses that nobody can guess and that are over in time."""

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta

from bot.services import Services
from bot.store.message_files import file_of

HOLDS_FOR = timedelta(hours=12)
"""A text may wait ten hours with the network, which may fetch again what leaves with it."""
PLAYED_WITHIN = timedelta(minutes=15)
_RECORDING = re.compile(r"(RE[0-9a-f]{32})\.(\d{1,12})\.([0-9a-f]{64})", re.ASCII)
_TOKEN = re.compile(r"([1-9]\d{0,17})\.([1-9]\d?)\.(\d{1,12})\.([0-9a-f]{64})", re.ASCII)


def public_links(services: Services, text_id: int, files: int) -> tuple[str, ...]:
    """An address for each of so many files of a text."""
    until = int((services.clock.now() + HOLDS_FOR).timestamp())
    said = [f"{text_id}.{place}.{until}" for place in range(1, files + 1)]
    return tuple(f"{services.public_url}/o/{each}.{_signature(services.hash_key, each)}" for each in said)


def recording_link(services: Services, recording_id: str) -> str:
    """The address from which the network plays an officer's own recording."""
    said = f"{recording_id}.{int((services.clock.now() + PLAYED_WITHIN).timestamp())}"
    return f"{services.public_url}/v/{said}.{_signature(services.hash_key, said)}"


def played(services: Services, token: str) -> str | None:
    """The recording at such an address; None once it is over, or where it is none of ours."""
    found = _RECORDING.fullmatch(token)
    if found is None or not hmac.compare_digest(_signature(services.hash_key, token.rpartition(".")[0]), found[3]):
        return None
    return found[1] if services.clock.now() < datetime.fromtimestamp(int(found[2]), UTC) else None


async def fetched(services: Services, token: str) -> bytes | None:
    """What is at such an address; None once it is over, or where it is none of ours."""
    found = _TOKEN.fullmatch(token)
    if found is None or not hmac.compare_digest(_signature(services.hash_key, token.rpartition(".")[0]), found[4]):
        return None
    if services.clock.now() >= datetime.fromtimestamp(int(found[3]), UTC):
        return None
    return await services.store.read(file_of, int(found[1]), int(found[2]))


def _signature(hash_key: bytes, said: str) -> str:
    return hmac.new(hash_key, f"sent:{said}".encode(), hashlib.sha256).hexdigest()
