"""/drip new and /drip edit, in Slack: a sequence is built on a screen, step by step, and another person approves it."""

import re
from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.config.drips import LONGEST_EMAIL, LONGEST_SUBJECT, LONGEST_TASK, LONGEST_WORDS
from bot.handlers.slack.cards import Block, button, section, text
from bot.handlers.slack.commands import Answer, Asked, Command, drawn
from bot.handlers.slack.deliveries import behind_lead, pressed, submitted
from bot.handlers.slack.people import People, Stranger, stranger_words
from bot.handlers.slack.screens import answer_where_pressed, told_screen
from bot.handlers.slack.words import escape, marked
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
from bot.nurture.drips import meant
from bot.rendering import labels
from bot.rules.drips import find_sequence
from bot.rules.stages import STAGES
from bot.rules.text import one_line
from bot.services import Services
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

MOST_OPTIONS, MOST_BLOCKS, IN_A_SECTION, LONGEST_INPUT = 100, 40, 12, 3000
WHEN_LIMIT = 120
SCREENS = ("head", "exits", "sms", "email", "task", "edit", "preview", "approve", "return")
"""What opens a screen; the rest is done at once."""


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action(re.compile(r"build:\w+"))
    async def chosen(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        does = body["actions"][0]["action_id"].partition(":")[2]
        draft, since, step = map(int, behind_lead(body["actions"][0]).split(":"))
        panel = await building.look(services, officer, draft)
        if panel is None:
            answer = Answer(say_built(marked, NoDraft(), None, officer.language))
        elif does in SCREENS:
            last = await services.store.read(last_opened, officer.id)
            view = _screen(does, panel, since, step, officer.language, services, last)
            if view is not None:
                if body["container"]["type"] == "view":
                    await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)
                else:
                    await client.views_open(trigger_id=body["trigger_id"], view=view)
                return
            answer = Answer(say_built(marked, NoDraft(), None, officer.language))
        else:
            answer = await _do(does, services, body, officer, panel, since, step)
        if does == "read":  # it stands on a message that stays
            await respond(answer.words, blocks=drawn(answer), response_type="ephemeral", replace_original=False)
        else:
            await answer_where_pressed(body, answer, officer.language, respond, client)

    @app.view(re.compile(r"build:\w+"))
    async def sent(ack: AsyncAck, body: dict[str, Any]) -> None:
        match await people.who(body):
            case Stranger(guest):
                await ack(response_action="update", view=told_screen(body, [section(stranger_words(guest=guest))], "en"))
            case KnownOfficer() as officer:
                answer = await _submitted(services, body, officer)
                await ack(response_action="update", view=told_screen(body, drawn(answer), officer.language))


async def _new(asked: Asked) -> Answer:
    """ "/drip new Spring buyers"."""
    return await _told(asked.services, await building.new(asked.services, asked.press, asked.words), asked.officer)


async def _edit(asked: Asked) -> Answer:
    """ "/drip edit past client": its draft, or a new one of what is live."""
    services, language = asked.services, asked.officer.language
    drafts = {each.key: each for each in await building.drafts(services)}
    spellings = {spelling: key for key, each in drafts.items() for spelling in (key, each.named("en"), each.named("es"))}
    key, wanted = find_sequence(asked.words, spellings), await meant(services, COMPANY, asked.words)
    key = key or (wanted.plan.key if wanted.plan is not None and asked.words else None)
    if key is None:
        known = [*(each.named(language) for each in drafts.values()), *(each.named(language) for each in wanted.nearest or wanted.known)]
        return Answer(marked.say("build_which", language, known=", ".join(dict.fromkeys(known))))
    return await _told(services, await building.edit(services, asked.press, key, language), asked.officer)


COMMANDS = (
    Command("drip new", _new, needs="build_drips", about_a_lead=False),
    Command("drip edit", _edit, ("drip drafts",), needs="build_drips", about_a_lead=False),
)


async def _do(does: str, services: Services, body: dict[str, Any], officer: KnownOfficer, panel: Panel, since: int, step: int) -> Answer:
    """What needs no screen."""
    by, draft = pressed(services, body, officer), panel.draft.id
    match does:
        case "read" | "show":
            return panel_answer(panel, officer.language)
        case "step":
            return _step_answer(panel, step, officer.language)
        case "up" | "down":
            outcome = await building.move_step(services, by, draft, since, step, up=does == "up")
        case "remove":
            outcome = await building.remove_step(services, by, draft, since, step)
        case "drop":
            outcome = await building.drop(services, by, draft)
        case "ask":
            outcome = await building.ask(services, by, draft, since)
        case "try":
            outcome = await building.try_step(services, by, draft, step)
        case other:
            raise ValueError(f"Nothing is built by {other!r}.")
    return await _told(services, outcome, officer)


async def _submitted(services: Services, body: dict[str, Any], officer: KnownOfficer) -> Answer:
    """A screen that was sent off."""
    by, does = submitted(services, body, officer), body["view"]["callback_id"].partition(":")[2]
    _, draft, since, step, channel = body["view"]["private_metadata"].split(":")
    place = int(draft), int(since)
    match does:
        case "head" | "exits":
            outcome = await building.change_part(services, by, *place, "head" if does == "head" else "exits", _values(body))
        case "written":
            fields = {name: str(value) for name, value in _values(body).items()}
            outcome = await building.save_step(services, by, *place, int(step), channel, fields)
        case "preview":
            return await _preview(services, officer, int(draft), str(_values(body)["lead"]))
        case "approve" | "return":
            outcome = await building.judge(services, by, *place, str(_values(body)["why"]), approved=does == "approve")
        case other:
            raise ValueError(f"No screen is called {other!r}.")
    return await _told(services, outcome, officer)


async def _preview(services: Services, officer: KnownOfficer, draft: int, said: str) -> Answer:
    language, digits = officer.language, said.strip().removeprefix("#")
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        return Answer(marked.say("no_number", language, said=one_line(said, 40), command=None))
    seen = await building.preview(services, officer, draft, int(digits) if digits else None)
    if isinstance(seen, NoSuchLead):
        return Answer(marked.say("no_such_lead", language, number=seen.lead))
    if isinstance(seen, NoDraft):
        return Answer(say_built(marked, seen, None, language))
    first, steps = say_preview(marked, seen, language, services.clock.now())
    back = _buttons([Pressable("show", labels(language)("button", "to_draft"))], draft, seen.draft.revision, 0)
    return Answer(first, back, [{"type": "section", "text": text(each, LONGEST_INPUT)} for each in steps[:MOST_BLOCKS]])


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
    return Answer(words, below.buttons, [section(below.words), *below.blocks])


def panel_answer(panel: Panel, language: str, shown: Shown | None = None) -> Answer:
    """The whole draft: its steps, what is to be put right, and what can be done."""
    lines, draft = step_lines(panel.draft, language), panel.draft
    blocks: list[Block] = [
        {"type": "section", "text": text("\n".join(lines[first : first + IN_A_SECTION]), LONGEST_INPUT)}
        for first in range(0, len(lines), IN_A_SECTION)
    ]
    blocks += _listed(say_troubles(panel, language))
    if lines:
        options = [
            {"text": text(line, 75), "value": f"{COMPANY}:{draft.id}:{draft.revision}:{step.id}"}
            for line, step in zip(lines[:MOST_OPTIONS], draft.body.steps, strict=False)
        ]
        which = {
            "type": "static_select", "action_id": "build:step", "placeholder": text(labels(language)("button", "which_step"), 150),
            "options": options,
        }  # fmt: skip
        blocks.append({"type": "actions", "elements": [which]})
    return Answer(
        say_panel(marked, panel, language, shown), _buttons(what_can_be_done(panel, language), draft.id, draft.revision, 0), blocks
    )


def _step_answer(panel: Panel, step_id: int, language: str) -> Answer:
    draft, step = panel.draft, panel.draft.body.step(step_id)
    if step is None:
        return panel_answer(panel, language)
    place = draft.body.place(step_id)
    buttons = _buttons(what_can_be_done_with(panel, step, language), draft.id, draft.revision, step_id)
    first, _, words = say_step(draft, step, language).partition("\n")
    words = words.strip()  # who approves it reads all of it, which one section of Slack's may not hold
    pages = (words[begins : begins + LONGEST_INPUT] for begins in range(0, len(words), LONGEST_INPUT))
    whole = [{"type": "section", "text": text(each, LONGEST_INPUT)} for each in pages]
    return Answer(escape(first), buttons, [*whole, *_listed(say_troubles(panel, language, place))])


def _listed(troubles: Sequence[str]) -> list[Block]:
    said = "\n".join(f"• {each}" for each in troubles)
    return [{"type": "section", "text": text(said, LONGEST_INPUT)}] if troubles else []


def _buttons(pressable: Sequence[Pressable], draft: int, revision: int, step: int) -> list[Block]:
    value = f"{COMPANY}:{draft}:{revision}:{step}"
    return [button(each.label, f"build:{each.does}", value, primary=each.does in ("ask", "approve", "edit")) for each in pressable]


def _screen(
    does: str, panel: Panel, since: int, step_id: int, language: str, services: Services, last: int | None
) -> dict[str, Any] | None:
    """The screen of this action; None where its step is gone."""
    label, draft, channel = labels(language), panel.draft, ""
    head, send = draft.body.head, label("button", "save")
    match does:
        case "head":
            stages = [(label("stage", each), each) for each in STAGES]
            segments = [(segment_in_words(each.key, each.name, language), each.key) for each in services.in_force.segments]
            blocks = [
                _input("name_en", label("field", "name_en"), head.get("name_en"), 40),
                _input("name_es", label("field", "name_es"), head.get("name_es"), 40),
                _choice("stages", label("field", "for_stages"), stages, head.get("stages") or ()),
                _choice("segments", label("field", "for_segments"), segments, head.get("segments") or ()),
            ]
        case "exits":
            stages = [(label("stage", each), each) for each in STAGES]
            blocks = [
                _choice("goal", label("field", "goal"), stages, head.get("goal") or ()),
                _input("reply", label("field", "reply_pause"), head.get("reply"), 40),
                _input("score_below", label("field", "score_below"), head.get("score_below"), 3),
                _input("score_at_least", label("field", "score_at_least"), head.get("score_at_least"), 3),
            ]
        case "preview":
            blocks, send = [_input("lead", label("field", "preview_lead"), str(last or ""), 12)], label("button", "preview")
        case "approve" | "return":
            blocks = [_input("why", label("field", "why_draft"), "", 500, optional=does == "approve")]
            send = label("button", "approve_draft") if does == "approve" else label("button", "send_back")
        case _:
            step = draft.body.step(step_id)
            if does == "edit" and step is None:
                return None
            channel, fields = (step.channel, step.fields) if step is not None else (does, {})
            blocks, does = _written(channel, fields, language), "written"
    return {
        "type": "modal",
        "callback_id": f"build:{does}",
        "private_metadata": f"{COMPANY}:{draft.id}:{since}:{step_id}:{channel}",
        "title": text(one_line(draft.named(language), 24), 24),
        "submit": text(send, 24),
        "close": text(label("button", "close"), 24),
        "blocks": blocks,
    }


def _written(channel: str, fields: Any, language: str) -> list[Block]:
    label = labels(language)
    most = {"sms": LONGEST_WORDS, "email": min(LONGEST_EMAIL, LONGEST_INPUT)}.get(channel, LONGEST_TASK)
    when = _input("when", label("field", "step_when"), fields.get("when"), WHEN_LIMIT)
    when["element"]["placeholder"] = text(plain.say("build_when_like", language), 150)
    blocks = [when]
    for each, subject, words in (
        ("en", label("field", "subject_en"), label("field", "step_en")),
        ("es", label("field", "subject_es"), label("field", "step_es")),
    ):
        if channel == "email":
            blocks.append(_input(f"subject_{each}", subject, fields.get(f"subject_{each}"), LONGEST_SUBJECT))
        if len(fields.get(each) or "") <= LONGEST_INPUT:  # what Slack's field would cut stays as it is
            blocks.append(_input(each, words, fields.get(each), most, multiline=True))
    return blocks


def _input(name: str, label: str, begun: Any, most: int, *, multiline: bool = False, optional: bool = True) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": name, "multiline": multiline, "max_length": most}
    if begun:
        element["initial_value"] = str(begun)[:LONGEST_INPUT]
    return {"type": "input", "block_id": name, "optional": optional, "label": text(label, 2000), "element": element}


def _choice(name: str, label: str, options: Sequence[tuple[str, str]], chosen: Sequence[str]) -> Block:
    known = [{"text": text(said, 75), "value": key} for said, key in options[:MOST_OPTIONS]]
    element: Block = {"type": "multi_static_select", "action_id": name, "options": known}
    if begun := [each for each in known if each["value"] in chosen]:
        element["initial_options"] = begun
    return {"type": "input", "block_id": name, "optional": True, "label": text(label, 2000), "element": element}


def _values(body: dict[str, Any]) -> dict[str, Any]:
    """What stands in each field: words, or the list of what was chosen."""
    values = body["view"]["state"]["values"]
    return {name: _value(field[name]) for name, field in values.items() if name in field}


def _value(answer: dict[str, Any]) -> str | list[str]:
    if "selected_options" in answer:
        return [str(each["value"]) for each in answer["selected_options"] or ()]
    return str(answer.get("value") or "")
