"""What is told to who covers for a colleague, and to the colleague who is back."""

from collections.abc import Iterator
from datetime import datetime

from bot.leads.lead_facts import shared_facts
from bot.rendering import Words
from bot.rules.text import one_line
from bot.rules.when import said_in_full
from bot.updates import Covers, CoversNoMore, WhileAway
from bot.wording.plain import plain


def say_covering(words: Words, told: Covers | CoversNoMore | WhileAway, language: str, now: datetime) -> str:
    """What it is about, and a line for each lead."""
    return "\n".join(_lines(words, told, language, now))


def _lines(words: Words, told: Covers | CoversNoMore | WhileAway, language: str, now: datetime) -> Iterator[str]:
    match told:
        case Covers(owner, until, zone, many, leads):
            said = said_in_full(until, zone, now, language)
            yield words.say("covers", language, owner=one_line(owner, 60), until=said, many=many)
            for lead in leads:
                yield words.say("covered_lead", language, **shared_facts(lead, now))
            if many > len(leads):
                yield words.say("covers_more", language, more=many - len(leads))
        case CoversNoMore(owner):
            yield words.say("covers_no_more", language, owner=one_line(owner, 60))
        case WhileAway(cover, many, meanwhile):
            yield words.say("while_away", language, cover=one_line(cover, 60), many=many)
            for each in meanwhile:
                did = [plain.say("away_try", language, who=one_line(who, 60), by=by, times=times) for who, by, times in each.tries]
                wrote = [plain.say("away_wrote", language, times=each.wrote)] if each.wrote else []
                yield words.say("away_lead", language, **shared_facts(each.lead, now), did=[*did, *wrote])
