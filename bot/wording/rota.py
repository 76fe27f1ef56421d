"""Who is on call, as it is told."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.officers.rota import TeamOnCall
from bot.rendering import Words
from bot.rules.spoken import week
from bot.rules.text import one_line
from bot.rules.when import said_in_full
from bot.updates import OnCall


def say_on_call(words: Words, told: OnCall, language: str, now: datetime) -> str:
    """What is told when somebody takes over, to both and in the channel."""
    until = said_in_full(told.until, told.zone, now, language)
    return words.say(
        "on_call", language, team=one_line(told.team, 60), officer=told.officer and one_line(told.officer, 60), until=until, you=told.you
    )


def say_rotas(words: Words, rotas: Sequence[TeamOnCall], language: str, now: datetime) -> list[str]:
    """A paragraph for each team: who is on call now and next, and in which hours."""
    return ["\n".join(_lines(words, rota, language, now)) for rota in rotas]


def _lines(words: Words, rota: TeamOnCall, language: str, now: datetime) -> Iterator[str]:
    yield words.say("rota", language, team=one_line(rota.team, 60), hours=week(rota.hours, language))
    for place, one in enumerate(rota.ahead):
        yield words.say(
            "rota_turn",
            language,
            now=place == 0,
            officer=one.officer and one_line(one.officer, 60),
            instead_of=one.instead_of and one_line(one.instead_of, 60),
            begins=said_in_full(one.begins, rota.zone, now, language),
            ends=said_in_full(one.ends, rota.zone, now, language),
        )
