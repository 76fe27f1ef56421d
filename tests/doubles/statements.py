"""Each statement is compiled once for each kind of database: thousands of short-lived stores would each compile their own."""

from functools import partial
from typing import Any
from unittest.mock import patch

from sqlalchemy import create_engine
from sqlalchemy.orm import Mapper
from sqlalchemy.util import LRUCache


class Compiled:
    """What SQLAlchemy keeps for one engine, for all of them: in the key of a statement the kind of dialect stands for the dialect."""

    def __init__(self) -> None:
        self._kept: LRUCache[Any, Any] = LRUCache(10_000)

    def get(self, key: tuple[Any, ...]) -> Any:
        return self._kept.get((type(key[0]), *key[1:]))

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        self._kept[type(key[0]), *key[1:]] = compiled


def compile_once() -> None:
    """From now on, in this process."""
    compiled = Compiled()
    patch("bot.store.database.create_engine", partial(create_engine, execution_options={"compiled_cache": compiled})).start()
    patch.object(Mapper, "_compiled_cache", compiled).start()
