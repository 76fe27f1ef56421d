"""What an officer's day holds, as they read it at its start."""

from datetime import datetime
from itertools import groupby

from bot.leads.lead_facts import shared_facts
from bot.rendering import Words, labels
from bot.store.views import LeadView
from bot.updates import Morning


def say_morning(words: Words, told: Morning, language: str) -> str:
    """How many leads want something, by what they want; bad ones that may go back; what sequences sent."""
    label = labels(language)
    many = [f"{label('mine', section)} {count}" for section, count in told.counts.items() if count]
    total = sum(told.counts.values())
    texts, emails = told.sent
    shown = {"total": total, "many": many, "left_out": total - len(told.rows), "returns": told.returns, "texts": texts, "emails": emails}
    return words.say("morning", language, **shown)


def sections_of(words: Words, told: Morning, language: str, now: datetime) -> list[tuple[str, list[tuple[int, str]]]]:
    """The name of each section, with the number and a line of each of its leads."""
    label = labels(language)
    return [
        (label("mine", section), [(lead.number, _line(words, lead, language, now)) for _, lead in rows])
        for section, rows in groupby(told.rows, key=lambda row: row[0])
    ]


def _line(words: Words, lead: LeadView, language: str, now: datetime) -> str:
    return words.say("morning_line", language, **shared_facts(lead, now), stage=lead.stage)
