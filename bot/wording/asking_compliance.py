"""What is told about words that were kept back: to who wrote them, and to compliance."""

from typing import Any, assert_never

from bot.conversation import asking_compliance
from bot.conversation.asking_compliance import AskedCompliance, Judged, MayNotJudge, NobodyToAsk, NotKept
from bot.conversation.judging_words import Objected, objections
from bot.rendering import Words
from bot.rules.text import one_line
from bot.rules.wording_lint import Finding
from bot.store.messages import TextRow
from bot.store.views import Drawing, TextView
from bot.updates import WordsToJudge, YourWordsJudged
from bot.wording.plain import plain
from bot.wording.roles import say_may_not
from bot.wording.texting import say_why


def say_objected(words: Words, objected: Objected, language: str) -> str:
    """What keeps the words from leaving, a line each."""
    return "\n".join([words.say("objected", language), *say_findings(words, objected.objections, language)])


def say_findings(words: Words, found: tuple[Finding, ...], language: str) -> list[str]:
    return [words.say("objection", language, code=each.code, said=each.said) for each in found]


def say_asked(words: Words, outcome: asking_compliance.AskOutcome, language: str) -> str:
    """What the one who asks compliance is told privately."""
    match outcome:
        case AskedCompliance(lead) | NobodyToAsk(lead) | NotKept(lead):
            return words.say("compliance_asked", language, number=lead, kind=outcome.kind)
    assert_never(outcome)


def say_judged(words: Words, outcome: asking_compliance.JudgeOutcome, language: str) -> str:
    """What the one who decides is told privately."""
    match outcome:
        case Judged(lead, approved, already, left):
            return words.say("words_judged", language, number=lead, approved=approved, already=already, left=left)
        case MayNotJudge(_, role, own):
            return words.say("own_words", language) if own else say_may_not(words, role, "judge_words", language)
    assert_never(outcome)


def say_to_judge(drawing: Drawing, told: WordsToJudge, language: str, facts: dict[str, Any]) -> str:
    """What compliance is asked: who wants to send what to whom, and what stands against it."""
    text, found = told.text, objections(drawing.lead, shown_words(told.text), "email" if told.text.channel == "email" else "sms")
    asked = plain.say("words_to_judge", language, **facts, officer=one_line(told.officer, 60), channel=text.channel)
    return "\n".join([asked, *say_findings(plain, found, language)])


def say_your_words(told: YourWordsJudged, language: str, facts: dict[str, Any]) -> str:
    why = say_why(told.text, language) if told.approved and told.text.status == "refused" else None
    return plain.say("your_words_judged", language, **facts, by=one_line(told.by, 60), approved=told.approved, why=why)


def shown_words(text: TextView | TextRow) -> str:
    """The words as whoever decides reads them, an email below its subject."""
    return f"{text.subject}\n\n{text.words}" if text.subject else text.words
