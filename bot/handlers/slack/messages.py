"""What stands beside the card: lines of its thread and messages to one person, drawn from the lead's present state."""

from datetime import datetime
from typing import Any, assert_never

from bot.handlers.slack.cards import Block, button, text
from bot.handlers.slack.words import escape, marked, plain
from bot.lead_facts import own_facts, push_facts, shared_facts
from bot.rendering import labels
from bot.rules.text import one_line
from bot.store.views import Drawing
from bot.updates import AskedAgain, GivenBack, NoLongerYours, Notice, Update, Yours


def line(drawing: Drawing, update: Update, now: datetime) -> tuple[str, list[Block]]:
    """An update in the lead's thread."""
    language, facts = drawing.lead.language, shared_facts(drawing.lead, now)
    match update:
        case AskedAgain(source, after_minutes, first_source):
            facts |= {"source": source, "after_minutes": after_minutes, "first_source": first_source}
            words = plain.say("asked_again", language, **facts)
            push = plain.say("asked_again", language, **push_facts(drawing.lead, facts))
        case GivenBack(officer):
            words = push = plain.say("given_back", language, officer=officer)
        case _:
            assert_never(update)
    return escape(push), [{"type": "section", "text": text(words, 3000)}]


def notice(drawing: Drawing, told: Notice, company: str, now: datetime) -> tuple[str, list[Block]]:
    """A direct message about a lead. The push text never holds a full name, a phone or an email."""
    name, language = drawing.officer or ("", "en")
    facts: dict[str, Any] = {"number": drawing.lead.number}
    match told:
        case Yours():
            facts |= own_facts(drawing.lead, now) | {"officer": one_line(name, 60).partition(" ")[0], "company": one_line(company, 80)}
            words = marked.say("yours", language, **facts)
            give_back = button(labels(language)("button", "give_back"), "give_back", str(drawing.lead.number))
            actions = [{"type": "actions", "block_id": f"lead:{drawing.lead.number}", "elements": [give_back]}]
            push = marked.say("yours_push", language, **push_facts(drawing.lead, facts))
        case NoLongerYours():
            words = push = marked.say("no_longer_yours", language, **facts)
            actions = []
        case _:
            assert_never(told)
    return push, [{"type": "section", "text": {"type": "mrkdwn", "text": words, "verbatim": True}}, *actions]
