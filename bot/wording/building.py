"""What is told of a sequence that is built in chat: the draft as it stands, its steps in words, and what is to be put right."""

import json
from dataclasses import dataclass
from datetime import datetime

from bot.config.drips import MERGE_FIELDS
from bot.nurture.building import (
    AskedApproval,
    BuildOutcome,
    CannotTry,
    DraftJudged,
    Dropped,
    MayNotBuild,
    NoName,
    Panel,
    Preview,
    Seen,
    Shown,
    Tried,
)
from bot.nurture.drip_troubles import Trouble
from bot.rendering import Words, labels
from bot.rules.building import Built
from bot.rules.text import one_line, truncate
from bot.rules.when import said_in_full
from bot.store.building import ASKED, OPEN, DraftView
from bot.updates import DraftDecided, DraftNews
from bot.wording.leads import segment_in_words
from bot.wording.plain import plain
from bot.wording.roles import say_may_not

EXAMPLES = {"template": "{{ first_name }}", "no_company": "{{ company }}", "no_who": "{{ company }}, NMLS {{ nmls }}"}
"""What to write, where that is the same in every language."""
STOP_EXAMPLES = {"en": "Reply STOP to opt out.", "es": "Responda STOP para no recibir textos."}
WORDS_IN_LINE = 60


def say_panel(words: Words, panel: Panel, language: str, shown: Shown | None = None) -> str:
    """The draft without its steps: what it is called, for whom it is, what ends it, and who changed it meanwhile."""
    draft, head, label = panel.draft, panel.draft.body.head, labels(language)
    return words.say(
        "build_panel", language,
        english=one_line(draft.named("en"), 60), spanish=one_line(draft.named("es"), 60), state=draft.state, live=panel.live,
        asker=draft.asker and one_line(draft.asker, 60), judge=draft.judge and one_line(draft.judge, 60),
        why=draft.why and one_line(draft.why, 500), other=shown and shown.other and one_line(shown.other, 60),
        kept=shown and shown.kept, typed=shown and one_line(shown.typed, 500), steps=len(draft.body.steps),
        stages=", ".join(label("stage", each) for each in head.get("stages") or ()),
        segments=", ".join(segment_in_words(each, None, language) for each in head.get("segments") or ()),
        goal=", ".join(label("stage", each) for each in head.get("goal") or ()), begins=bool((draft.body.rest or {}).get("begins")),
        reply=one_line(str(head.get("reply") or ""), 60), below=one_line(str(head.get("score_below") or ""), 20),
        at_least=one_line(str(head.get("score_at_least") or ""), 20),
    )  # fmt: skip


def step_lines(draft: DraftView, language: str) -> list[str]:
    """Each step on a line, as plain text."""
    return [
        plain.say(
            "build_step", language,
            place=place, channel=step.channel, when=one_line(step.fields.get("when", ""), 80),
            conditions="when" in step.rest or "unless" in step.rest, words=one_line(_said(step, language), WORDS_IN_LINE),
        )
        for place, step in enumerate(draft.body.steps, 1)
    ]  # fmt: skip


def _said(step: Built, language: str) -> str:
    if step.channel == "email":
        return step.fields.get(f"subject_{language}") or step.fields.get("subject_en", "")
    return step.fields.get(language) or step.fields.get("en", "")


def say_step(draft: DraftView, step: Built, language: str) -> str:
    """A step whole, in both languages, as plain text."""
    conditions = json.dumps(step.rest, ensure_ascii=False, default=str) if step.rest else ""
    fields = step.fields
    return plain.say(
        "build_step_whole", language,
        place=draft.body.place(step.id), channel=step.channel, when=one_line(fields.get("when", ""), 80),
        conditions=truncate(conditions, 500), english=fields.get("en", ""), spanish=fields.get("es", ""),
        subject_en=fields.get("subject_en", ""), subject_es=fields.get("subject_es", ""),
    )  # fmt: skip


def say_troubles(panel: Panel, language: str, step: int = 0) -> list[str]:
    """What is to be put right, a line each as plain text; of one step where that is named."""
    return [_trouble(each, panel.live, language) for each in panel.troubles if step in (0, each.step)]


def _trouble(trouble: Trouble, live: int, language: str) -> str:
    objection = plain.say("objection", language, code=trouble.found.code, said=trouble.found.said) if trouble.found else ""
    where = plain.say("build_where", language, step=trouble.step, written_in=trouble.language or language)
    example = STOP_EXAMPLES.get(trouble.language, "") if trouble.code == "no_stop" else EXAMPLES.get(trouble.code, "")
    return plain.say(
        "build_trouble", language,
        code=trouble.code, said=one_line(trouble.said, 80), where=where, objection=objection, known=", ".join(sorted(MERGE_FIELDS)),
        live=live, example=example,
    )  # fmt: skip


def say_built(words: Words, outcome: BuildOutcome, draft: DraftView | None, language: str) -> str:
    """What the one who builds or decides is told privately, where the draft itself does not say it."""
    facts = {"taken": False, "said": "", "many": 0, "approved": False, "version": 0, "channel": "", "because": ""}
    facts["sequence"] = one_line(draft.named(language), 60) if draft is not None else ""
    match outcome:
        case MayNotBuild(role):
            return say_may_not(words, role, "approve_drips", language)
        case NoName(said, taken):
            facts |= {"said": one_line(said, 60), "taken": taken}
        case Dropped(names):
            facts["sequence"] = one_line(names[language], 60)
        case AskedApproval(_, many):
            facts["many"] = many
        case DraftJudged(_, approved, version, names):
            facts |= {"approved": approved, "version": version, "sequence": one_line(names[language], 60)}
        case Tried(_, channel, many):
            facts |= {"channel": channel, "many": many}
        case CannotTry(_, because):
            facts["because"] = because
        case _:
            pass
    return words.say("build_done", language, kind=outcome.kind, **facts)


def say_preview(words: Words, seen: Preview, language: str, now: datetime) -> tuple[str, list[str]]:
    """A heading, and each step as plain text."""
    number = seen.lead.number if seen.lead else None
    first = words.say("build_preview", language, sequence=one_line(seen.draft.named(language), 60), number=number, written_in=seen.language)
    return first, [_seen(each, seen, language, now) for each in seen.steps]


def _seen(step: Seen, seen: Preview, language: str, now: datetime) -> str:
    why = None
    if step.why is not None and step.channel == "email":
        why = plain.say("email_why", language, because=step.why, error_code=None)
    elif step.why is not None:
        why = plain.say("text_why", language, because=step.why, error_code=None)
    until = step.until and seen.lead and said_in_full(step.until, seen.lead.time_zone, now, language)
    return plain.say(
        "build_seen", language,
        place=step.place, channel=step.channel, segments=step.segments, why=why, until=until,
        gated=seen.lead is not None and step.channel != "task", missing=step.missing, subject=step.subject, words=step.words,
    )  # fmt: skip


def say_to_approve(words: Words, told: DraftNews, language: str) -> str:
    """What those are told who may approve a draft, as it stands by now."""
    draft = told.draft
    state = draft.state if told.asks or draft.state != ASKED else OPEN  # asked anew since: another message says so
    return words.say(
        "build_asked", language,
        sequence=one_line(draft.named(language), 60), state=state, live=draft.base_version,
        asker=one_line(draft.asker or "", 60), judge=draft.judge and one_line(draft.judge, 60), steps=len(draft.body.steps),
    )  # fmt: skip


def say_decided(words: Words, told: DraftDecided, language: str) -> str:
    """What those are told who wrote it."""
    return words.say(
        "build_judged", language,
        sequence=one_line(told.draft.named(language), 60), officer=one_line(told.officer, 60), approved=told.approved,
        version=told.version, why=told.why and one_line(told.why, 500),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pressable:
    """What can be done with a draft or a step: the action's own word, and what stands on it."""

    does: str
    label: str


def what_can_be_done(panel: Panel, language: str) -> list[Pressable]:
    """With a whole draft. Who is to decide about it reads it, and changes nothing of what they decide about."""
    label = labels(language)
    if not panel.draft.is_open:
        return []
    preview = [Pressable("preview", label("button", "preview"))] if panel.draft.body.steps else []
    if panel.judges:
        return [*preview, *judging(language)]
    found = [
        Pressable("head", label("button", "build_head")),
        Pressable("exits", label("button", "build_exits")),
        Pressable("sms", label("button", "add_text")),
        Pressable("email", label("button", "add_email")),
        Pressable("task", label("button", "add_task")),
        *preview,
    ]
    if panel.may_be_asked:
        found.append(Pressable("ask", label("button", "ask_approval")))
    return [*found, Pressable("drop", label("button", "drop_draft"))]


def judging(language: str) -> list[Pressable]:
    label = labels(language)
    return [Pressable("approve", label("button", "approve_draft")), Pressable("return", label("button", "send_back"))]


def what_can_be_done_with(panel: Panel, step: Built, language: str) -> list[Pressable]:
    """With one step."""
    label, draft = labels(language), panel.draft
    place, many = draft.body.place(step.id), len(draft.body.steps)
    found: list[Pressable] = []
    if draft.is_open and not panel.judges:
        found += [] if step.channel == "branch" else [Pressable("edit", label("button", "edit_words"))]
        found += [Pressable("up", label("button", "up"))] if place > 1 else []
        found += [Pressable("down", label("button", "down"))] if place < many else []
        found.append(Pressable("remove", label("button", "remove_step")))
    if step.channel in ("sms", "email"):
        found.append(Pressable("try", label("button", "try_step")))
    return [*found, Pressable("show", label("button", "to_draft"))]
