"""What is told to who takes something back."""

from typing import assert_never

from bot.leads import undoing
from bot.leads.undoing import NotUndone, Undone
from bot.rendering import Words


def say_undo(words: Words, outcome: undoing.UndoOutcome, language: str) -> str:
    """What the one who pressed Undo is told privately."""
    match outcome:
        case Undone(lead, what):
            return words.say("undone", language, number=lead, what=what)
        case NotUndone(lead, because, since):
            return words.say("not_undone", language, number=lead, reason=because, since=since)
    assert_never(outcome)
