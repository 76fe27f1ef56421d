"""What is told of the newest seal of the timelines."""

from bot.rendering import Words
from bot.updates import HeadTold


def say_head_told(words: Words, told: HeadTold, language: str) -> str:
    return words.say("head_told", language, head=told.head)
