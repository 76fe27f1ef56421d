"""/drip new and /drip edit, in Discord: a sequence is built on a private message, step by step, and another person approves it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from discord import app_commands, ui

from bot.config.drips import LONGEST_EMAIL, LONGEST_SUBJECT, LONGEST_TASK, LONGEST_WORDS
from bot.handlers.discord.answers import Answer, Asked, Does, Opens
from bot.handlers.discord.commands import Desk, Interaction, Typing, fitting
from bot.handlers.discord.layouts import OPTIONS, Button, Choice
from bot.handlers.discord.screens import OPTION, Screen, all_chosen, field, select_field, words_field, written
from bot.handlers.discord.turning import turning
from bot.handlers.discord.words import marked, pages, shown
from bot.leads.press import NoSuchLead
from bot.nurture import building
from bot.nurture.building import (
    AskedApproval,
    BuildOutcome,
    CannotTry,
    DraftJudged,
    NobodyApproves,
    NoDraft,
    NotReady,
    Panel,
    Shown,
    Tried,
)
from bot.nurture.drips import known, meant
from bot.rendering import labels
from bot.rules.drips import find_sequence
from bot.rules.stages import STAGES
from bot.rules.text import one_line
from bot.services import Services
from bot.store.building import DraftView
from bot.store.events import COMPANY
from bot.store.last_opened import last_opened
from bot.store.places import KnownOfficer
from bot.wording.building import (
    Pressable,
    say_built,
    say_panel,
    say_preview,
    say_step,
    say_troubles,
    step_lines,
    what_can_be_done,
    what_can_be_done_with,
)
from bot.wording.leads import segment_in_words
from bot.wording.plain import plain

MOST_LISTS, LINE_LIMIT, PAGE, LONGEST_INPUT, WHEN_LIMIT = 3, 120, 2800, 4000, 120


def register(desk: Desk) -> None:
    @desk.command("drip new", needs="build_drips")
    async def new(interaction: Interaction, called: str) -> None:
        await desk.answer(interaction, partial(_new, called), about_a_lead=False)

    @desk.command("drip edit", needs="build_drips")
    @app_commands.autocomplete(sequence=desk.offering(_offered))
    async def edit(interaction: Interaction, sequence: str) -> None:
        await desk.answer(interaction, partial(_edit, sequence), about_a_lead=False)


async def _offered(typing: Typing) -> Sequence[tuple[str, str]]:
    """What is live and what is being built."""
    language = typing.officer.language
    plans = {each.key: each.named(language) for each in (await known(typing.services)).values()}
    plans |= {each.key: each.named(language) for each in await building.drafts(typing.services)}
    return fitting([(name, key) for key, name in plans.items()], typing.typed)


async def _new(name: str, asked: Asked) -> Answer:
    return await _told(asked.services, await building.new(asked.services, asked.press, name), asked.officer)


async def _edit(words: str, asked: Asked) -> Answer:
    """Its draft, or a new one of what is live."""
    services, language = asked.services, asked.officer.language
    drafts = {each.key: each for each in await building.drafts(services)}
    spellings = {spelling: key for key, each in drafts.items() for spelling in (key, each.named("en"), each.named("es"))}
    key, wanted = find_sequence(words, spellings), await meant(services, COMPANY, words)
    key = key or (wanted.plan.key if wanted.plan is not None and words else None)
    if key is None:
        there = [*(each.named(language) for each in drafts.values()), *(each.named(language) for each in wanted.nearest or wanted.known)]
        return Answer(marked.say("build_which", language, known=", ".join(dict.fromkeys(there))))
    return await _told(services, await building.edit(services, asked.press, key, language), asked.officer)


async def _do(does: str, asked: Asked) -> Answer:
    """What needs no screen."""
    services, officer = asked.services, asked.officer
    draft, since, step, *page = map(int, asked.words.split(":"))
    panel = await building.look(services, officer, draft)
    if panel is None:
        return Answer(say_built(marked, NoDraft(), None, officer.language))
    match does:
        case "read":
            return panel_answer(panel, officer.language)
        case "show":
            return replace(panel_answer(panel, officer.language), replaces=True)
        case "step":
            return replace(_step_answer(panel, step, officer.language, *page), replaces=True)
        case "up" | "down":
            outcome = await building.move_step(services, asked.press, draft, since, step, up=does == "up")
        case "remove":
            outcome = await building.remove_step(services, asked.press, draft, since, step)
        case "drop":
            outcome = await building.drop(services, asked.press, draft)
        case "ask":
            outcome = await building.ask(services, asked.press, draft, since)
        case "try":
            outcome = await building.try_step(services, asked.press, draft, step)
        case other:
            raise ValueError(f"Nothing is built by {other!r}.")
    return replace(await _told(services, outcome, officer), replaces=True)


async def _told(services: Services, outcome: BuildOutcome, officer: KnownOfficer) -> Answer:
    """What came of it, with the draft below where there is one to go on with."""
    language = officer.language
    panel = None
    if isinstance(outcome, Shown | AskedApproval | NobodyApproves | NotReady | Tried | CannotTry | DraftJudged):
        panel = await building.look(services, officer, outcome.draft)
    if isinstance(outcome, Shown) and panel is not None:
        return panel_answer(panel, language, outcome)
    words = say_built(marked, outcome, panel.draft if panel else None, language)
    if panel is None or isinstance(outcome, DraftJudged):
        return Answer(words)
    below = panel_answer(panel, language)
    return Answer(words, below.buttons, [below.words, *below.more], below.choices)


def panel_answer(panel: Panel, language: str, outcome: Shown | None = None) -> Answer:
    """The whole draft: its steps, what is to be put right, and what can be done."""
    lines, draft = step_lines(panel.draft, language), panel.draft
    more = ["\n".join(shown(line, LINE_LIMIT) for line in lines)] if lines else []
    more += _listed(say_troubles(panel, language))
    steps = [
        (one_line(line, OPTION), f"{COMPANY}:{draft.id}:{draft.revision}:{step.id}")
        for line, step in zip(lines, draft.body.steps, strict=True)
    ]
    pages = [steps[first : first + OPTIONS] for first in range(0, len(steps), OPTIONS)][:MOST_LISTS]
    label = labels(language)
    choices = [Choice(label("button", "which_step"), "build_step", f"{COMPANY}:{place}", page) for place, page in enumerate(pages)]
    buttons = _buttons(what_can_be_done(panel, language), draft.id, draft.revision, 0)
    return Answer(say_panel(marked, panel, language, outcome), buttons, more, choices)


def _step_answer(panel: Panel, step_id: int, language: str, page: int = 1) -> Answer:
    """A step with every word of it, on so many pages as it takes: whoever approves it reads it here."""
    draft, step = panel.draft, panel.draft.body.step(step_id)
    if step is None:
        return panel_answer(panel, language)
    place = draft.body.place(step_id)
    buttons = _buttons(what_can_be_done_with(panel, step, language), draft.id, draft.revision, step_id)
    whole = pages(say_step(draft, step, language), PAGE)
    [first, *more], turns = turning(
        whole, page, language, lambda to: ("build_step", f"{COMPANY}:{draft.id}:{draft.revision}:{step_id}:{to}")
    )
    return Answer(first, [*turns, *buttons], [*more, *_listed(say_troubles(panel, language, place))])


def _listed(troubles: Sequence[str]) -> list[str]:
    return ["\n".join(f"• {shown(each, 300)}" for each in troubles)] if troubles else []


def _buttons(pressable: Sequence[Pressable], draft: int, revision: int, step: int) -> list[Button]:
    value = f"{COMPANY}:{draft}:{revision}:{step}"
    return [Button(each.label, f"build_{each.does}", value, primary=each.does in ("ask", "approve", "edit")) for each in pressable]


async def _open(does: str, asked: Asked) -> ui.Modal | Answer:
    """The screen of this action, or what is left where its draft or step is gone."""
    services, officer, language = asked.services, asked.officer, asked.officer.language
    draft, since, step_id = map(int, asked.words.split(":"))
    panel = await building.look(services, officer, draft)
    if panel is None:
        return Answer(say_built(marked, NoDraft(), None, language))
    head, label = panel.draft.body.head, labels(language)
    stages = [(label("stage", each), each) for each in STAGES]
    submitted, fields = partial(_change_part, panel.draft, since, does), list[ui.Item[Any]]()
    match does:
        case "head":
            segments = [(segment_in_words(each.key, each.name, language), each.key) for each in services.in_force.segments]
            fields = [
                field("name_en", language, most=40, begun=head.get("name_en") or None),
                field("name_es", language, most=40, begun=head.get("name_es") or None),
                select_field("for_stages", stages, language, required=False, begun=head.get("stages") or ()),
                select_field("for_segments", segments[:OPTIONS], language, required=False, begun=head.get("segments") or ()),
            ]
        case "exits":
            fields = [
                select_field("goal", stages, language, required=False, begun=head.get("goal") or ()),
                field("reply_pause", language, most=40, begun=head.get("reply") or None),
                field("score_below", language, most=3, begun=head.get("score_below") or None),
                field("score_at_least", language, most=3, begun=head.get("score_at_least") or None),
            ]
        case "preview":
            last = await services.store.read(last_opened, officer.id)
            return Screen(asked, partial(_preview, draft), field("preview_lead", language, most=12, begun=str(last) if last else None))
        case "approve" | "return":
            why = words_field("why_draft", language, most=500, required=does == "return")
            return Screen(asked, partial(_judge, draft, since, does == "approve"), why)
        case _:
            step = panel.draft.body.step(step_id)
            if does == "edit" and step is None:
                return Answer(say_built(marked, NoDraft(), None, language))
            channel, said = (step.channel, step.fields) if step is not None else (does, dict[str, str]())
            return Screen(asked, partial(_save_step, draft, since, step_id, channel), *_written(channel, said, language))
    return Screen(asked, submitted, *fields)


def _written(channel: str, said: Mapping[str, str], language: str) -> list[ui.Item[Any]]:
    most = {"sms": LONGEST_WORDS, "email": min(LONGEST_EMAIL, LONGEST_INPUT)}.get(channel, LONGEST_TASK)
    like = plain.say("build_when_like", language)
    fields: list[ui.Item[Any]] = [field("step_when", language, placeholder=like, most=WHEN_LIMIT, begun=said.get("when") or None)]
    in_english = words_field("step_en", language, most=most, required=False, begun=said.get("en") or None)
    in_spanish = words_field("step_es", language, most=most, required=False, begun=said.get("es") or None)
    if channel != "email":
        return [*fields, in_english, in_spanish]
    english = field("subject_en", language, most=LONGEST_SUBJECT, begun=said.get("subject_en") or None)
    spanish = field("subject_es", language, most=LONGEST_SUBJECT, begun=said.get("subject_es") or None)
    return [*fields, english, in_english, spanish, in_spanish]


async def _change_part(draft: DraftView, since: int, does: str, asked: Asked, screen: Screen) -> Answer:
    fields: dict[str, Any]
    if does == "head":
        offered = {each.key for each in asked.services.in_force.segments[:OPTIONS]}
        beyond = [each for each in draft.body.head.get("segments") or () if each not in offered]  # a list of Discord's holds no more
        fields = {
            "name_en": written(screen, "name_en") or "", "name_es": written(screen, "name_es") or "",
            "stages": all_chosen(screen, "for_stages"), "segments": [*all_chosen(screen, "for_segments"), *beyond],
        }  # fmt: skip
        outcome = await building.change_part(asked.services, asked.press, draft.id, since, "head", fields)
    else:
        fields = {
            "goal": all_chosen(screen, "goal"), "reply": written(screen, "reply_pause") or "",
            "score_below": written(screen, "score_below") or "", "score_at_least": written(screen, "score_at_least") or "",
        }  # fmt: skip
        outcome = await building.change_part(asked.services, asked.press, draft.id, since, "exits", fields)
    return await _told(asked.services, outcome, asked.officer)


async def _save_step(draft: int, since: int, step_id: int, channel: str, asked: Asked, screen: Screen) -> Answer:
    names = {"when": "step_when", "en": "step_en", "es": "step_es"}
    names |= {"subject_en": "subject_en", "subject_es": "subject_es"} if channel == "email" else {}
    fields = {name: written(screen, custom) or "" for name, custom in names.items()}
    outcome = await building.save_step(asked.services, asked.press, draft, since, step_id, channel, fields)
    return await _told(asked.services, outcome, asked.officer)


async def _judge(draft: int, since: int, approved: bool, asked: Asked, screen: Screen) -> Answer:
    why = written(screen, "why_draft") or ""
    outcome = await building.judge(asked.services, asked.press, draft, since, why, approved=approved)
    return await _told(asked.services, outcome, asked.officer)


async def _preview(draft: int, asked: Asked, screen: Screen) -> Answer:
    language, said = asked.officer.language, written(screen, "preview_lead") or ""
    digits = said.strip().removeprefix("#")
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        return Answer(marked.say("no_number", language, said=one_line(said, 40), command=None))
    seen = await building.preview(asked.services, asked.officer, draft, int(digits) if digits else None)
    if isinstance(seen, NoSuchLead):
        return Answer(marked.say("no_such_lead", language, number=seen.lead))
    if isinstance(seen, NoDraft):
        return Answer(say_built(marked, seen, None, language))
    first, steps = say_preview(marked, seen, language, asked.services.clock.now())
    back = _buttons([Pressable("show", labels(language)("button", "to_draft"))], draft, seen.draft.revision, 0)
    return Answer(first, back, [shown(each, 700) for each in steps])


DOES: dict[str, Does] = {
    f"build_{each}": partial(_do, each) for each in ("read", "show", "step", "up", "down", "remove", "drop", "ask", "try")
}
OPENS: dict[str, Opens] = {
    f"build_{each}": partial(_open, each) for each in ("head", "exits", "sms", "email", "task", "edit", "preview", "approve", "return")
}
