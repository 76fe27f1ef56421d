"""I'm calling, Log and the answers to "How did it go?", in Discord."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from discord import app_commands, ui

from bot.handlers.discord.answers import Answer, Asked
from bot.handlers.discord.cards import claim_first
from bot.handlers.discord.commands import Desk, Interaction, Typing, fitting
from bot.handlers.discord.layouts import Again, Button
from bot.handlers.discord.messages import STILL_ON, went_buttons
from bot.handlers.discord.refused import may_not
from bot.handlers.discord.reminders import coming_back_buttons
from bot.handlers.discord.screens import TIME_LIMIT, Screen, chosen, field, note_field, select_field, written
from bot.handlers.discord.undoing import undo_button
from bot.handlers.discord.words import marked
from bot.leads import working
from bot.leads.next_touch import ComingBack
from bot.leads.reminders import CHOICES, NoSuchTime, read_moment, read_moment_and_note
from bot.leads.working import HeldBefore, LoggedCall, OthersLead
from bot.rendering import labels
from bot.rules.dispositions import EFFECTS, Disposition, closest, read
from bot.wording.cadence import say_planned
from bot.wording.next_touch import say_coming_back
from bot.wording.working import say_work


def register(desk: Desk) -> None:
    @desk.command("log", needs="work", short=True)
    @app_commands.autocomplete(result=desk.offering(dispositions_like))
    async def log(
        interaction: Interaction, lead: str | None = None, result: str | None = None, note: str | None = None, when: str | None = None
    ) -> None:
        if result:
            await desk.answer(interaction, partial(_typed, result, note, when), lead)
        else:
            await desk.open(interaction, log_screen, lead)

    desk.menu("log_call", log_screen)


async def dispositions_like(typing: Typing) -> Sequence[tuple[str, str]]:
    label = labels(typing.officer.language)
    return fitting([(label("disposition", each.value), each.value) for each in Disposition], typing.typed)


async def calling(asked: Asked) -> Answer:
    outcome = await working.say_calling(asked.services, asked.press, still_on=asked.words == STILL_ON)
    return _answer(outcome, asked.officer.language, asked.services.clock.now())


async def went(asked: Asked) -> Answer:
    outcome = await working.log_call(asked.services, asked.press, Disposition(asked.words), None)
    return _answer(outcome, asked.officer.language, asked.services.clock.now())


async def log_call(asked: Asked, disposition: Disposition, note: str | None, when: str | datetime | None) -> Answer:
    """Log a call; `when` is the time at which the owner comes back, as they typed or chose it."""
    language, typed = asked.officer.language, when if isinstance(when, str) else None
    edit, go_ahead = labels(language)("button", "edit_words"), labels(language)("button", "go_ahead")

    def again(named: str, knows_owner: int | None = asked.knows_owner) -> Again:
        """What was said is not lost where nothing was logged."""
        screen = partial(_log_screen, replace(asked, knows_owner=knows_owner), disposition, note, typed)
        return Again(named, screen)

    next_touch = await read_moment(asked.services, asked.lead, when) if isinstance(when, str) else when
    if isinstance(next_touch, NoSuchTime):
        return Answer(marked.say("no_such_time", language), [again(edit)])
    if next_touch is None and EFFECTS[disposition].asks_for_time:
        return Answer(marked.say("call_back_when", language, number=asked.lead), [again(edit)])
    outcome = await working.log_call(asked.services, asked.press, disposition, note, next_touch, knows_owner=asked.knows_owner)
    answer = _answer(outcome, language, asked.services.clock.now())
    match outcome:
        case LoggedCall():
            return answer
        case OthersLead(_, owner_id):
            return replace(answer, buttons=[again(go_ahead, owner_id)])
    buttons = [*claim_first(outcome, asked.lead, asked.officer), *answer.buttons]
    return replace(answer, buttons=[*buttons, again(edit)] if note else buttons)


async def _typed(result: str, note: str | None, when: str | None, asked: Asked) -> Answer:
    """A result that was chosen, or typed in words of one's own: "lvm will try again"."""
    understood = read(result)
    if understood is None:
        return _asked_back(result, note, asked)
    disposition, rest = understood
    if EFFECTS[disposition].asks_for_time and not when:
        moment = await read_moment_and_note(asked.services, asked.lead, rest)
        if not isinstance(moment, NoSuchTime):
            return await log_call(asked, disposition, " ".join(part for part in (moment[1], note) if part) or None, moment[0])
    return await log_call(asked, disposition, " ".join(part for part in (rest, note) if part) or None, when or None)


def _asked_back(result: str, note: str | None, asked: Asked) -> Answer:
    """What was not understood is never logged by guess. One tap does it where no note would be lost."""
    language, number, meant = asked.officer.language, asked.lead, closest(result)
    if meant is None:
        return Answer(marked.say("log_how", language, number=number), went_buttons(number, language))
    disposition, rest = meant
    label = labels(language)
    one_tap = Button(label("disposition", disposition.value), "went", f"{number}:{disposition.value}")
    screen = Button(label("button", "log"), "log", str(number))
    words = marked.say("log_meant", language, number=number, disposition=disposition.value)
    return Answer(words, [screen] if rest or note else [one_tap, screen])


async def log_screen(asked: Asked) -> ui.Modal | Answer:
    """Two taps: what came of the call, and save; a note and the next touch for those who want."""
    return await may_not(asked, "log") or _log_screen(asked)


def _log_screen(asked: Asked, disposition: Disposition | None = None, note: str | None = None, when: str | None = None) -> Screen:
    language = asked.officer.language
    label = labels(language)
    results = [(label("disposition", each.value), each.value) for each in Disposition]
    return Screen(
        asked,
        _log_submitted,
        select_field("disposition", results, language, chosen=disposition and disposition.value),
        note_field(language, begun=note),
        select_field("when", [(label("later", choice), choice) for choice in CHOICES], language, required=False),
        field("typed_when", language, placeholder=label("field", "when_like"), begun=when and when[:TIME_LIMIT]),
    )


async def _log_submitted(asked: Asked, screen: Screen) -> Answer:
    quick = chosen(screen, "when")
    when = written(screen, "typed_when") or (quick and CHOICES[quick]) or None
    return await log_call(asked, Disposition(chosen(screen, "disposition") or ""), written(screen, "note"), when)


async def _log_theirs(asked: Asked) -> ui.Modal | Answer:
    """Somebody else's lead, for who leads and knows whose it is."""
    return await log_screen(replace(asked, knows_owner=int(asked.words)))


DOES = {"calling": calling, "went": went}
OPENS = {"log": log_screen, "log_theirs": _log_theirs}


def _answer(outcome: working.WorkOutcome, language: str, now: datetime) -> Answer:
    words = say_work(marked, outcome, language)
    match outcome:
        case LoggedCall(coming_back=ComingBack() as next_touch):
            return Answer(words, coming_back_buttons(next_touch, language), [say_coming_back(marked, next_touch, language, now)])
        case OthersLead(lead, owner_id):
            return Answer(words, [Button(labels(language)("button", "go_ahead"), "log_theirs", f"{lead}:{owner_id}")])
        case HeldBefore(lead):
            return Answer(words, went_buttons(lead, language))
        case LoggedCall(lead, seq=seq, planned=planned):
            more = [] if planned is None else [say_planned(marked, planned, language, now)]
            return Answer(words, [undo_button(lead, seq, language)], more)
    return Answer(words)
