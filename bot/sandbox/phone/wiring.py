"""How the account is set up: where its webhooks go, which numbers it has, whether the network confirms on its own."""

import orjson

from bot.sandbox.phone.account import NUMBERS
from bot.sandbox.store import Store


class Wiring:
    """Kept in the store, so that the sandbox has it again after a restart."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def inbound_url(self) -> str:
        return self._store.setting("phone_inbound_url", "")

    @inbound_url.setter
    def inbound_url(self, url: str) -> None:
        self._store.set_setting("phone_inbound_url", url)

    @property
    def voice_url(self) -> str:
        return self._store.setting("phone_voice_url", "")

    @voice_url.setter
    def voice_url(self, url: str) -> None:
        self._store.set_setting("phone_voice_url", url)

    @property
    def numbers(self) -> list[str]:
        """All of them are in the pool of the account's service."""
        found: list[str] = orjson.loads(self._store.setting("phone_numbers", orjson.dumps(NUMBERS).decode()))
        return found

    @numbers.setter
    def numbers(self, numbers: list[str]) -> None:
        self._store.set_setting("phone_numbers", orjson.dumps(numbers).decode())

    @property
    def confirms(self) -> bool:
        """Whether the network itself answers STOP, START and HELP, and says in the webhook that it did."""
        return self._store.setting("phone_confirms", "yes") == "yes"

    @confirms.setter
    def confirms(self, on: bool) -> None:
        self._store.set_setting("phone_confirms", "yes" if on else "no")

    def reset(self) -> None:
        """As on the first day, except where the webhooks go."""
        self.numbers = list(NUMBERS)
        self.confirms = True
