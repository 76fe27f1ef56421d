"""What leaves with a text of ours is fetched by the phone network, from an address that nobody can guess and that is over in time."""

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta

from bot.services import Services
from bot.store.message_files import file_of

HOLDS_FOR = timedelta(hours=12)
"""A text may wait ten hours with the network, which may fetch again what leaves with it."""
_TOKEN = re.compile(r"([1-9]\d{0,17})\.([1-9]\d?)\.(\d{1,12})\.([0-9a-f]{64})", re.ASCII)


def public_links(services: Services, text_id: int, files: int) -> tuple[str, ...]:
    """An address for each of so many files of a text."""
    until = int((services.clock.now() + HOLDS_FOR).timestamp())
    said = [f"{text_id}.{place}.{until}" for place in range(1, files + 1)]
    return tuple(f"{services.public_url}/o/{each}.{_signature(services.hash_key, each)}" for each in said)


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
