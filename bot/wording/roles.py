"""What is told to who may not do something in their role."""

from bot.rendering import Words, labels
from bot.rules.roles import Action, Role, who_may


def say_may_not(words: Words, role: Role, action: Action, language: str) -> str:
    """Who can instead; or to ask who leads the team, where the role may do this and these leads or this team are the trouble."""
    able = who_may(action)
    return words.say("may_not", language, role=role, roles=[] if role in able else [labels(language)("role", each) for each in able])
