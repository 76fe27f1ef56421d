"""Why somebody may not work a lead, in Discord: said before a screen opens, with Claim where the lead is free."""

from bot.handlers.discord.answers import Answer, Asked
from bot.handlers.discord.cards import claim_first
from bot.handlers.discord.words import marked
from bot.leads import working
from bot.leads.working import Deed, NotWorked
from bot.wording.working import say_not_worked


async def may_not(asked: Asked, deed: Deed) -> Answer | None:
    refused = await working.why_not(asked.services, asked.press, deed)
    return None if refused is None else refused_answer(refused, asked)


def refused_answer(outcome: NotWorked, asked: Asked) -> Answer:
    return Answer(say_not_worked(marked, outcome, asked.officer.language), claim_first(outcome, asked.lead, asked.officer))
