"""What is told of recorded calls, to who has one stopped and who wants to hear one."""

from typing import assert_never

from bot.calls.recording import HearOutcome, MayHear, NotRecorded, RecordingStopped, StillRecorded, StopOutcome
from bot.leads.press import NoSuchLead
from bot.leads.working import MayNotWork, NotYourLead
from bot.rendering import Words
from bot.wording.working import say_not_worked


def say_recording(words: Words, outcome: StopOutcome | StillRecorded | HearOutcome, language: str) -> str:
    """What the one who pressed is told privately."""
    match outcome:
        case RecordingStopped(lead) | NotRecorded(lead) | StillRecorded(lead) | MayHear(lead):
            came = {RecordingStopped: "stopped", NotRecorded: "none", StillRecorded: "goes_on", MayHear: "link"}[type(outcome)]
            return words.say("recording", language, number=lead, came=came)
        case NotYourLead() | MayNotWork() | NoSuchLead():
            return say_not_worked(words, outcome, language)
    assert_never(outcome)
