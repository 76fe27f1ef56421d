"""Each statement is compiled once for each kind of database: thousands of short-lived stores would each compile their own."""

from functools import partial
from typing import Any
from unittest.mock import patch

from sqlalchemy import create_engine
from sqlalchemy.orm import Mapper
from sqlalchemy.util import LRUCache

from bot.store.sealing import seal_of


class Compiled:
    """What SQLAlchemy keeps for one engine, for all that seal alike: in a key the kind of dialect stands for the dialect."""

    def __init__(self) -> None:
        self._kept: LRUCache[Any, Any] = LRUCache(10_000)

    def get(self, key: tuple[Any, ...]) -> Any:
        return self._kept.get(_of_its_kind(key))

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        self._kept[_of_its_kind(key)] = compiled


def _of_its_kind(key: tuple[Any, ...]) -> tuple[Any, ...]:
    return type(key[0]), seal_of(key[0]), *key[1:]


def compile_once() -> None:
    """From now on, in this process."""
    compiled = Compiled()
    patch("bot.store.database.create_engine", partial(create_engine, execution_options={"compiled_cache": compiled})).start()
    patch.object(Mapper, "_compiled_cache", compiled).start()
