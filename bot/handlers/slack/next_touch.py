"""When an owner comes back to a lead, in Slack: asked for on a screen, and said back in full with its Undo."""

from datetime import datetime
from functools import partial
from typing import Any

from bot.handlers.slack.cards import Block, button, text
from bot.handlers.slack.undoing import undo_button
from bot.handlers.slack.words import marked
from bot.leads.next_touch import ComingBack
from bot.leads.reminders import CHOICES, NoSuchTime, read_moment
from bot.rendering import labels
from bot.services import Services
from bot.wording.next_touch import say_coming_back

NOTE_LIMIT = 2000
TIME_LIMIT = 60


coming_back_words = partial(say_coming_back, marked)


def coming_back_buttons(outcome: ComingBack, language: str) -> list[Block]:
    undo = undo_button(outcome.lead, outcome.seq, language)
    if outcome.callable_at is None or outcome.whom is not None:  # only the owner moves it
        return [undo]
    value = f"{outcome.lead}:{outcome.reminder}"
    return [button(labels(language)("button", "move_there"), "move_there", value, primary=True), undo]


def next_touch_fields(language: str) -> list[Block]:
    """The fields for when the owner comes back: a time that takes one tap, or a typed one, which counts where both are there."""
    label = labels(language)
    options = [{"text": text(label("later", choice), 75), "value": choice} for choice in CHOICES]
    chosen = {"type": "static_select", "action_id": "when", "options": options}
    return [
        {"type": "input", "block_id": "when", "optional": True, "label": text(label("field", "when"), 100), "element": chosen},
        {
            "type": "input",
            "block_id": "typed",
            "optional": True,
            "label": text(label("field", "typed_when"), 100),
            "element": time_field("typed", language),
        },
    ]


async def wanted_moment(services: Services, number: int, values: dict[str, Any]) -> datetime | NoSuchTime | None:
    """What these fields hold; None when both are empty."""
    chosen = values["when"]["when"].get("selected_option")
    words = values["typed"]["typed"].get("value") or (chosen and CHOICES[chosen["value"]])
    return await read_moment(services, number, words) if words else None


def time_field(action: str, language: str) -> Block:
    """A field for a time as officers type it."""
    like = text(labels(language)("field", "when_like"), 150)
    return {"type": "plain_text_input", "action_id": action, "max_length": TIME_LIMIT, "placeholder": like}
