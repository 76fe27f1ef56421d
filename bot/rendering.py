"""Turns facts into the words of messages/: one Jinja environment per surface, each escaping whatever is not marked safe."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot.rules import spoken
from bot.rules.compliance import clock_words
from bot.rules.text import clean

LANGUAGES = ("en", "es")


class Safe(str):
    """Text that already is in the surface's own markup."""


@dataclass(frozen=True, slots=True)
class Surface:
    """A place for words with its own markup: how to show plain text there, how to make it bold, how to make phones and emails pressable,
    and how to call somebody by name and platform id."""

    name: str
    escape: Callable[[str], str]
    bold: Callable[[str], str]
    phone: Callable[[str, str], str]
    email: Callable[[str], str]
    mention: Callable[[str, str], str]


def _as_it_is(shown: str, _: str) -> str:
    return shown


PLAIN = Surface("plain", clean, lambda text: text, _as_it_is, clean, _as_it_is)
"""Surfaces that show text as it is: Slack's plain_text, a terminal."""


def messages_folder() -> Path:
    """Inside the installed package, or beside it in a checkout."""
    inside = Path(__file__).parent / "messages"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "messages"


class Words:
    """The messages of one audience and one surface, in every language; English where another language has none."""

    def __init__(self, audience: str, surface: Surface) -> None:
        self._audience = audience
        self._environments = {language: _environment(audience, surface, language) for language in LANGUAGES}

    def say(self, message: str, language: str, /, **facts: Any) -> str:
        """The message with these facts; one that is said differently in each language comes as a function of the language.

        Raises when a fact is missing: nobody is ever shown an empty place.
        """
        chosen = language if language in LANGUAGES else "en"
        return _filled(self._environments[chosen].get_template(f"{message}.j2"), chosen, facts)

    def fill(self, words: str, language: str, /, **facts: Any) -> str:
        """The same for words of ours that stand in no file of their own: a step of a sequence."""
        return _filled(_compiled(self._environments[language], words), language, facts)


def in_language(facts: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The facts with those worded that are said differently in each language: once, for several messages of one language."""
    return {name: fact(language) if callable(fact) else fact for name, fact in facts.items()}


@lru_cache(maxsize=256)
def _compiled(environment: Environment, words: str) -> Template:
    """Compiled once: it would be half of the work on a text that leaves by itself."""
    return environment.from_string(words)


def _filled(template: Template, language: str, facts: Mapping[str, Any]) -> str:
    known = in_language(facts, language)
    # Without Jinja's own globals, which no message uses: copying them would be half of the work.
    context = template.new_context({**known, "label": labels(language)}, shared=True)
    return "".join(template.root_render_func(context)).strip()


def _environment(audience: str, surface: Surface, language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([messages_folder() / audience / each for each in dict.fromkeys((language, "en"))]),
        finalize=lambda value: value if isinstance(value, Safe) else surface.escape(str(value)),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        bold=lambda value: Safe(surface.bold(surface.escape(str(value)))),
        phone=lambda national, e164: Safe(surface.phone(str(national), str(e164))),
        email=lambda address: Safe(surface.email(str(address))),
        mention=lambda name, address: Safe(surface.mention(str(name), str(address))) if address else name,
        clock=lambda at, zone: clock_words(at, zone, language),
        day=lambda at, zone: spoken.short_day(at.astimezone(ZoneInfo(zone)), language),
        weekday=lambda at: spoken.weekday(at, language),
        the_hour=_the_hour,
        known=lambda parts, between=", ": between.join(str(part) for part in parts if part),
        count=_count,
        span=lambda seconds: spoken.span(seconds, language),
        minutes=lambda length: Safe(spoken.minutes(length, language)),
        so_long=lambda length: Safe(spoken.so_long(length, language)),
    )
    return environment


@cache
def labels(language: str) -> Callable[[str, str], str]:
    """Short words by group and key: `label("purpose", "cash_out")`. A key that has none is shown as it is."""
    groups: Mapping[str, Mapping[str, str]] = tomllib.loads((messages_folder() / f"labels.{language}.toml").read_text("utf-8"))
    return lambda group, key: groups[group].get(key, key)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _the_hour(clock: str) -> str:
    """A time of day with its Spanish article: la 1:15 p.m., las 8:00 a.m."""
    return f"{'la' if clock.startswith(('1:', '1 ')) else 'las'} {clock}"
