"""What becomes of the leads of somebody who left, and whether somebody who came back works here again, in Discord."""

from functools import partial

from bot.handlers.discord.answers import Answer, Asked, Does
from bot.handlers.discord.words import marked
from bot.officers import leaving
from bot.wording.leaving import say_leaver


async def _move(how: leaving.How, asked: Asked) -> Answer:
    """The words are the leaver and, where there is one, who takes over: 7 or 7:4."""
    leaver, _, to = asked.words.partition(":")
    outcome = await leaving.move_leads(asked.services, asked.press, int(leaver), how, int(to) if to else None)
    return Answer(say_leaver(marked, outcome, asked.officer.language))


async def _switch(asked: Asked, *, on: bool) -> Answer:
    outcome = await leaving.switch_on(asked.services, asked.press, int(asked.words), on=on)
    return Answer(say_leaver(marked, outcome, asked.officer.language))


DOES: dict[str, Does] = {
    "leaver_to": partial(_move, "to"),
    "leaver_split": partial(_move, "split"),
    "leaver_pool": partial(_move, "pool"),
    "leaver_on": partial(_switch, on=True),
    "leaver_off": partial(_switch, on=False),
}
