"""/lead voicemail, in Slack: what machines hear in one's name, a recording of one's own, or the spoken words again."""

from bot.calls import own_voicemail
from bot.calls.own_voicemail import InForce, Language
from bot.handlers.slack.commands import Answer, Asked, Command, run_button
from bot.handlers.slack.words import marked
from bot.rendering import labels
from bot.wording.own_voicemail import say_voicemail


async def _voicemail(asked: Asked) -> Answer:
    """ "/lead voicemail record", "record es", "spoken"; without words what is in force."""
    language = asked.officer.language
    match asked.words.casefold().split():
        case ["record", *which]:
            in_language: Language = "es" if "es" in which or (language == "es" and "en" not in which) else "en"
            outcome = await own_voicemail.record(asked.services, asked.press, in_language)
            return Answer(say_voicemail(marked, outcome, language))
        case ["spoken", *_]:
            return Answer(say_voicemail(marked, await own_voicemail.speak_again(asked.services, asked.press), language))
    seen = await own_voicemail.look(asked.services, asked.officer.id)
    words, label = say_voicemail(marked, seen, language), labels(language)
    if not isinstance(seen, InForce):
        return Answer(words)
    buttons = [run_button(label("button", "record_english"), "voicemail record en", 0)]
    buttons.append(run_button(label("button", "record_spanish"), "voicemail record es", 1))
    if seen.own:
        buttons.append(run_button(label("button", "speak_again"), "voicemail spoken", 2))
    return Answer(words, buttons)


COMMANDS = (Command("voicemail", _voicemail, needs="work", about_a_lead=False),)
