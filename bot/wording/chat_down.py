"""What chat itself says of the time when it was away."""

from bot.rendering import Words
from bot.rules.text import one_line
from bot.updates import ChatBack, ChatDown


def say_chat_down(words: Words, told: ChatDown, language: str) -> str:
    """What those who run Leadbell are told."""
    facts = {"platform": told.platform.capitalize(), "channel": one_line(told.channel, 60), "because": told.because}
    return words.say("chat_down_now", language, **facts, by_text=told.by_text)


def say_chat_back(words: Words, told: ChatBack) -> str:
    """What the channel reads."""
    facts = {"platform": told.platform.capitalize(), "because": told.because, "minutes": told.minutes}
    return words.say("chat_back", told.language, **facts, texted=told.texted, called=told.called, claimed=told.claimed)
