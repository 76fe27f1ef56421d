"""Which colleague a name means: their key, their whole name or their first."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from bot.rules.commands import closest


class Named(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...


_Person = TypeVar("_Person", bound=Named)


def called(name: str, people: Sequence[_Person]) -> list[_Person]:
    """All who are called so."""
    return [each for each in people if name.casefold() in _names(each)]


def meant_by(name: str, people: Sequence[Named]) -> tuple[str, ...]:
    """The names of those whom it may mean, where it means not exactly one: all who are called so, else whose names resemble it."""
    names = {word: each.name for each in people for word in _names(each)}
    meant = [each.name for each in called(name, people)] or [names[word] for word in closest(name.casefold(), names)]
    return tuple(dict.fromkeys(meant))


def _names(person: Named) -> tuple[str, ...]:
    whole = person.name.casefold()
    return person.key.casefold(), whole, whole.partition(" ")[0]
