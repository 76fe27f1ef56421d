"""How the borrower's texts and ours look in a lead's thread, and to the people who answer them."""

from datetime import datetime

from bot.handlers.slack.cards import LINE_LIMIT, Block, button, section, text
from bot.handlers.slack.words import escape, marked, plain
from bot.lead_facts import push_facts, shared_facts
from bot.rendering import labels
from bot.rules.redaction import redact, without_contact
from bot.rules.text import one_line
from bot.store.views import Drawing
from bot.updates import Waits, Wrote, WroteToYou

WORDS_LIMIT = 1600
"""More than a text can hold."""


def wrote_line(drawing: Drawing, update: Wrote, now: datetime) -> tuple[str, list[Block]]:
    """What the borrower wrote, in the thread. Only these words call the owner by name; a shared room never reads a number or an address."""
    lead, wrote = drawing.lead, update.text
    facts = shared_facts(lead, now) | {
        "status": wrote.status,
        "late": update.late,
        "written_at": wrote.created_at,
        "owner_address": drawing.owner_address,
        "pictures": wrote.pictures,
    }
    head = marked.say("wrote", lead.language, **facts)
    push = marked.say("wrote", lead.language, **push_facts(lead, facts))
    note = plain.say("wrote_note", lead.language, **facts)
    words = without_contact(wrote.words) if lead.masked else redact(wrote.words)
    blocks = [section(head), {"type": "section", "text": text(words, WORDS_LIMIT)}]
    return push, [*blocks, {"type": "context", "elements": [text(note, 300)]}] if note else blocks


def wrote_notice(drawing: Drawing, told: WroteToYou, language: str, now: datetime) -> tuple[str, list[Block]]:
    """The same to the owner or to compliance, with what can be done about it. A locked screen shows no words of a borrower."""
    lead, wrote = drawing.lead, told.text
    late = bool(drawing.event and drawing.event.meta["late"])
    facts = shared_facts(lead, now) | {"status": wrote.status, "late": late, "written_at": wrote.created_at}
    said = plain.say("wrote_to_you", language, **facts)
    push = plain.say("wrote_to_you", language, **push_facts(lead, facts))
    label, number = labels(language), str(lead.number)
    elements: list[Block] = []
    if wrote.status == "unclear":
        value = f"{number}:{wrote.id}"
        elements += [button(label("button", "opt_out"), "opt_out", value), button(label("button", "no_opt_out"), "no_opt_out", value)]
    if told.yours:
        elements.append(button(label("button", "log"), "log", number))
    shown = [{"type": "section", "text": text(said, 300)}, {"type": "section", "text": text(redact(wrote.words), WORDS_LIMIT)}]
    actions = {"type": "actions", "block_id": f"lead:{number}", "elements": elements}
    return escape(push), [*shown, actions] if elements else shown


def waits_notice(drawing: Drawing, told: Waits, language: str, now: datetime) -> tuple[str, list[Block]]:
    """Somebody else's borrower waits."""
    lead, label = drawing.lead, labels(language)
    facts = shared_facts(lead, now) | {"owner": one_line(told.owner, 60), "since": told.since}
    said = plain.say("waits", language, **facts)
    push = plain.say("waits", language, **push_facts(lead, facts))
    elements = [button(label("button", "open"), "open", str(lead.number))]
    actions = {"type": "actions", "block_id": f"lead:{lead.number}", "elements": elements}
    return escape(push), [{"type": "section", "text": text(said, 2 * LINE_LIMIT)}, actions]
