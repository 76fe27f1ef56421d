"""A sequence that is built in chat: what people typed, kept as they typed it, and the document that it makes."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.rules.drips import EARLIEST, LATEST, Channel, read_clock, read_length
from bot.rules.text import one_line

HEAD, EXITS = "head", "exits"
LONGEST_NAME = 40
TIMING = ("after", "at", "weekdays", "from_start", "on")
WRITTEN = ("sms", "email", "task")
"""What a step that is written in chat may be; a branch comes from a file alone, and is kept as it is."""
LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class Moment:
    """When a step comes, as a document says it."""

    after: str | None = None
    at: str | None = None
    weekdays: bool = False
    from_start: bool = False
    on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Built:
    """A step as it was typed: `when`, `en`, `es`, and of an email `subject_en` and `subject_es`. `rest` is what only a file says."""

    id: int
    channel: Channel
    fields: Mapping[str, str]
    rest: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Body:
    """A draft as it was typed. `changed` says of each part in which revision it was changed last, and by which officer."""

    head: Mapping[str, Any]
    steps: tuple[Built, ...] = ()
    rest: Mapping[str, Any] | None = None
    changed: Mapping[str, tuple[int, int]] | None = None
    next_id: int = 1

    def step(self, step_id: int) -> Built | None:
        return next((each for each in self.steps if each.id == step_id), None)

    def place(self, step_id: int) -> int:
        """Its place from 1; 0 where it is not there any more."""
        return next((place for place, each in enumerate(self.steps, 1) if each.id == step_id), 0)

    def changed_since(self, part: str, revision: int, by: int) -> int | None:
        """Who else changed this part after that revision."""
        last, officer_id = (self.changed or {}).get(part, (0, by))
        return officer_id if last > revision and officer_id != by else None


@dataclass(frozen=True, slots=True)
class Edit:
    """Somebody changes what they saw in revision `since`; what comes of it is revision `makes`."""

    by: int
    since: int
    makes: int


def part_of(step_id: int) -> str:
    return f"step {step_id}"


def key_of(name: str) -> str | None:
    """The key of a sequence with this name; None where its letters make none."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].rstrip("_")
    return key if re.fullmatch(r"[a-z][a-z0-9_]{1,39}", key) else None


def begun(name: str) -> Body:
    """A draft of which only the name is known."""
    called = one_line(name, LONGEST_NAME)
    return Body({"name_en": called, "name_es": called})


def body_of(document: Mapping[str, Any], language: str, stages: Mapping[str, str]) -> Body:
    """A draft to change this document; its times are written in this language. `stages` are their names by key."""
    ends = dict(document.get("ends") or {})
    head = {
        "name_en": document["name"]["en"], "name_es": document["name"]["es"], "stages": list(document["stages"]),
        "segments": list(document.get("segments") or ()), "goal": list(ends.get("goal") or ()), "reply": ends.get("reply") or "",
        "score_below": _number(ends.get("score_below")), "score_at_least": _number(ends.get("score_at_least")),
    }  # fmt: skip
    steps = tuple(_built(place, each, language, stages) for place, each in enumerate(document["steps"], 1))
    rest = {name: document[name] for name in ("begins",) if document.get(name)}
    return Body(head, steps, rest, next_id=len(steps) + 1)


def document_of(body: Body, key: str, stages: Mapping[str, str]) -> tuple[dict[str, Any], tuple[int, ...]]:
    """The document that a draft makes, as far as it can be read, and the places from 1 of the steps whose time cannot. `stages` are keys
    by each spelling."""
    head = body.head
    document: dict[str, Any] = {"key": key, "name": {each: str(head.get(f"name_{each}") or "") for each in LANGUAGES}}
    document["stages"] = list(head.get("stages") or ())
    if head.get("segments"):
        document["segments"] = list(head["segments"])
    document |= body.rest or {}
    ends: dict[str, Any] = {"goal": list(head["goal"])} if head.get("goal") else {}
    if reply := str(head.get("reply") or ""):
        moment = read_moment(reply, {})
        ends["reply"] = moment.after if moment is not None and moment == Moment(moment.after) else reply
    for name in ("score_below", "score_at_least"):
        if (said := str(head.get(name) or "").strip()) != "":
            ends[name] = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else said
    if ends:
        document["ends"] = ends
    unread: list[int] = []
    document["steps"] = []
    for place, step in enumerate(body.steps, 1):
        moment = read_moment(step.fields.get("when", ""), stages)
        if moment is None:
            unread.append(place)
        document["steps"].append(_written(step, moment or Moment(after="1 day")))
    return document, tuple(unread)


def with_part(body: Body, edit: Edit, part: str, fields: Mapping[str, Any]) -> tuple[Body, int | None]:
    """The draft with its name and audience, or its exits, changed; and who else changed them meanwhile, in which case theirs stay."""
    other = body.changed_since(part, edit.since, edit.by)
    if other is not None:
        return body, other
    return _marked(replace(body, head={**body.head, **fields}), edit, part), None


def with_step(body: Body, edit: Edit, step_id: int, channel: Channel, fields: Mapping[str, str]) -> tuple[Body, int | None]:
    """The draft with a step changed, or one more at its end. Where somebody else changed it meanwhile, both are kept, one below the other,
    and it is said who; where it was removed, it comes back at the end."""
    place = body.place(step_id)
    if not place:
        added = Built(body.next_id, channel, dict(fields), {})
        grown = replace(body, steps=(*body.steps, added), next_id=body.next_id + 1)
        return _marked(grown, edit, part_of(added.id)), None
    old = body.steps[place - 1]
    other = body.changed_since(part_of(step_id), edit.since, edit.by)
    new = replace(old, fields={**old.fields, **fields})
    if other is None:
        steps = tuple(new if each.id == step_id else each for each in body.steps)
        return _marked(replace(body, steps=steps), edit, part_of(step_id)), None
    new = replace(new, id=body.next_id, rest={name: value for name, value in old.rest.items() if name != "key"})
    both = replace(body, steps=(*body.steps[:place], new, *body.steps[place:]), next_id=body.next_id + 1)
    return _marked(both, edit, part_of(new.id)), other


def without_step(body: Body, edit: Edit, step_id: int) -> tuple[Body, int | None]:
    """The draft without a step, which stays where somebody else changed it meanwhile."""
    other = body.changed_since(part_of(step_id), edit.since, edit.by)
    if other is not None:
        return body, other
    return replace(body, steps=tuple(each for each in body.steps if each.id != step_id)), None


def moved(body: Body, step_id: int, up: bool) -> Body:
    """The draft with a step one place further up or down; at either end it stays."""
    place = body.place(step_id) - 1
    to = place - 1 if up else place + 1
    if place < 0 or not 0 <= to < len(body.steps):
        return body
    steps = list(body.steps)
    steps[place], steps[to] = steps[to], steps[place]
    return replace(body, steps=tuple(steps))


def _marked(body: Body, edit: Edit, part: str) -> Body:
    return replace(body, changed={**(body.changed or {}), part: (edit.makes, edit.by)})


def _built(step_id: int, written: Mapping[str, Any], language: str, stages: Mapping[str, str]) -> Built:
    channel: Channel = next(each for each in ("sms", "email", "task", "branch") if written.get(each))
    moment = Moment(
        written.get("after"), written.get("at"), bool(written.get("weekdays")), bool(written.get("from_start")),
        tuple(written.get("on") or ()),
    )  # fmt: skip
    fields = {"when": write_moment(moment, language, stages)}
    if channel == "email":
        fields |= {f"subject_{each}": written["email"]["subject"][each] for each in LANGUAGES}
        fields |= {each: written["email"]["words"][each] for each in LANGUAGES}
    elif channel != "branch":
        fields |= {each: written[channel][each] for each in LANGUAGES}
    kept = {name: value for name, value in written.items() if name not in (*TIMING, *WRITTEN)}
    return Built(step_id, channel, fields, kept)


def _written(step: Built, moment: Moment) -> dict[str, Any]:
    document = dict(step.rest)
    timing = {
        "after": moment.after, "at": moment.at, "weekdays": moment.weekdays, "from_start": moment.from_start, "on": list(moment.on),
    }  # fmt: skip
    document |= {name: value for name, value in timing.items() if value}
    said = {each: step.fields.get(each, "") for each in LANGUAGES}
    if step.channel == "email":
        subject = {each: step.fields.get(f"subject_{each}", "") for each in LANGUAGES}
        document["email"] = {"subject": subject, "words": said}
    elif step.channel != "branch":
        document[step.channel] = said
    return document


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


_UNITS = {
    "minute": ("minute", "minutes", "minuto", "minutos"), "hour": ("hour", "hours", "hora", "horas"),
    "day": ("day", "days", "día", "días"), "week": ("week", "weeks", "semana", "semanas"),
    "month": ("month", "months", "mes", "meses"), "year": ("year", "years", "año", "años"),
}  # fmt: skip
"""One and many in English, then in Spanish."""
_UNIT_OF = {_word: unit for unit, words in _UNITS.items() for each in words for _word in (each, each.replace("í", "i").replace("ñ", "n"))}
_LENGTH = re.compile(rf"(?<!\S)([1-9][0-9]{{0,2}}) ?({'|'.join(sorted(_UNIT_OF, key=len, reverse=True))})(?!\w)")
_CLOCK = re.compile(r"(?<![\w:.])([0-9]{1,2})(?::([0-9]{2}))? ?(a\.? ?m\b\.?|p\.? ?m\b\.?)?(?![\w:])")
_WEEKDAYS = re.compile(r"\b(?:weekdays?|business days?|d[ií]as? h[aá]bil(?:es)?|entre semana)\b")
_FROM_START = re.compile(r"\b(?:from (?:the )?(?:start|beginning)|desde el (?:inicio|principio|comienzo))\b")
_EVENTS = {
    "clicked": re.compile(r"\b(?:click(?:s|ed)?|clics?)\b"),
    "missed_call": re.compile(r"\b(?:missed calls?|llamadas? perdidas?)\b"),
    "asked_again": re.compile(r"\b(?:forms?|formularios?)\b"),
    "rate_drop": re.compile(r"\b(?:rate (?:drops?|alerts?)|(?:bajas?|avisos?) de tasas?)\b"),
}
_EVENT_WORDS = {
    "en": {"clicked": "a click", "missed_call": "a missed call", "asked_again": "a form", "rate_drop": "a rate drop"},
    "es": {"clicked": "un clic", "missed_call": "una llamada perdida", "asked_again": "un formulario", "rate_drop": "una baja de tasas"},
}
_FILLERS = re.compile(
    r"\b(?:after|at|on|an?|or|and|the|in|of|when|if|they|is|there|next|later|a|las?|los|el|en|un|una|de|o|y|al|tras|despu[eé]s|cuando"
    r"|si|hace|haga|hay|pr[oó]ximo|siguiente|luego)\b|[\s,;.]"
)


def read_moment(words: str, stages: Mapping[str, str]) -> Moment | None:
    """ "2 days at 10:00", "next weekday at 9:30am", "5 days or a click", "a missed call", "stage application", in English or Spanish;
    None for other words, and for a time at which no text may leave. `stages` are keys by each spelling."""
    left = f" {' '.join(words.casefold().split())} "
    on: set[str] = set()
    for spelling in sorted(stages, key=len, reverse=True):
        left, found = re.subn(rf"\b(?:stage|etapa) {re.escape(spelling.casefold())}(?!\w)", " ", left)
        on |= {f"stage {stages[spelling]}"} if found else set()
    for event, pattern in _EVENTS.items():
        left, found = pattern.subn(" ", left)
        on |= {event} if found else set()
    weekdays, from_start = _WEEKDAYS.search(left), _FROM_START.search(left)
    left = _FROM_START.sub(" ", _WEEKDAYS.sub(" ", left))
    after = None
    if (length := _LENGTH.search(left)) is not None:
        unit = _UNIT_OF[length[2]]
        after = f"{length[1]} {unit}{'' if length[1] == '1' else 's'}"
        left = _cut(left, length)
    at = None
    if (clock := _CLOCK.search(left)) is not None:
        at = _clock(clock)
        if at is None:
            return None
        left = _cut(left, clock)
    if _FILLERS.sub("", left):
        return None
    if after is None and weekdays:
        after = "1 day"
    moment = Moment(after, at, weekdays is not None, from_start is not None, tuple(sorted(on)))
    return moment if _makes_sense(moment) else None


def _makes_sense(moment: Moment) -> bool:
    length = read_length(moment.after) if moment.after else None
    if length is None:
        return bool(moment.on) and not (moment.at or moment.from_start)
    return length.whole_days or not (moment.at or moment.weekdays)


def _cut(words: str, found: re.Match[str]) -> str:
    return f"{words[: found.start()]} {words[found.end() :]}"


def _clock(found: re.Match[str]) -> str | None:
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "")[:1]
    if not (found[2] or half) or hour > (12 if half else 23) or (half and hour == 0):
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    at = f"{hour:02}:{minute:02}"
    minutes = read_clock(at)
    return at if minutes is not None and EARLIEST <= minutes < LATEST else None


def write_moment(moment: Moment, language: str, stages: Mapping[str, str]) -> str:
    """The same in words that `read_moment` reads; `stages` are their names by key."""
    spanish = language == "es"
    parts: list[str] = []
    if moment.after is not None:
        number, unit = moment.after.split()
        one, many = _UNITS[unit.removesuffix("s")][2:] if spanish else _UNITS[unit.removesuffix("s")][:2]
        parts.append(f"{number} {one if number == '1' else many}")
    if moment.at is not None:
        parts.append(f"{'a las' if spanish else 'at'} {moment.at}")
    if moment.weekdays:
        parts.append("en día hábil" if spanish else "on a weekday")
    if moment.from_start:
        parts.append("desde el inicio" if spanish else "from the start")
    events = [_event_in_words(each, language, stages) for each in moment.on]
    said = (" o " if spanish else " or ").join([*([" ".join(parts)] if parts else []), *events])
    return said


def _event_in_words(event: str, language: str, stages: Mapping[str, str]) -> str:
    if event in _EVENTS:
        return _EVENT_WORDS["es" if language == "es" else "en"][event]
    key = event.removeprefix("stage ")
    return f"{'etapa' if language == 'es' else 'stage'} {stages.get(key, key)}"
