"""An officer looks for a lead by number, name or the end of a phone, or asks for the best one that waits."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from pydantic import TypeAdapter
from rapidfuzz import fuzz
from sqlmodel import Session

from bot.config import STATES
from bot.distribution.claiming import Claimed, decide_claim
from bot.distribution.eligible import others_for, team_before
from bot.leads.press import Press
from bot.rendering import labels
from bot.rules import stages
from bot.rules.colleagues import called
from bot.rules.commands import closest
from bot.rules.eligibility import Reason, Refusal
from bot.rules.finding import NAMED, NOBODY, Named, Sought, Unclear, read_sought
from bot.rules.roles import may, may_see_borrower
from bot.rules.scoring import Grade
from bot.rules.text import bare_words, initial_name, one_line
from bot.services import Services
from bot.sources.new_lead import Purpose
from bot.store.clocks import waited_long
from bot.store.places import KnownOfficer
from bot.store.postings import Lease
from bot.store.search import (
    MOST,
    Hit,
    everybody,
    leads_named,
    leads_nobody_may_take,
    leads_that_fit,
    leads_with_phone,
    serves_somewhere,
    waiting_leads,
    waiting_where_they_manage,
)
from bot.store.seen import once
from bot.store.standing import longest_without_attempt
from bot.store.views import is_handed_out, lead_view

SHOWN = 5
EXCEPTIONS = "exceptions"
"""What finds the leads that nobody may take."""
ALIKE = 75  # of 100
_DIGITS = re.compile(r"[\d\s().+-]+", re.ASCII)
_LAST_FOUR = 4
_MOST_WORDS = 4
_MOST_KNOWN = 25
_FREE = ("nobody", "nadie", "free", "libre", "unclaimed")


@dataclass(frozen=True, slots=True)
class FoundLead:
    """What a list says of a lead: the name as far as this person may see it."""

    number: int
    name: str
    stage: str
    owner: str | None


@dataclass(frozen=True, slots=True)
class Condition:
    """One that was understood. `name` is what the one who asks calls it; of a number it is that number."""

    part: str
    name: str


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """What was said for a part names none; `words` where it is no condition at all. `known` are those that it resembles, else all."""

    part: Named | Literal["words"]
    said: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The leads that the words fit, the newest first, and how many there are, or at least. `sure` says that they fit to the letter,
    `understood` as what they were taken for where they are no name."""

    leads: tuple[FoundLead, ...]
    many: int
    at_least: bool
    sure: bool
    understood: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Exceptions:
    """The leads that nobody of their team may take at any hour, the oldest first, and how many there are, or at least."""

    leads: tuple[FoundLead, ...]
    many: int
    at_least: bool


@dataclass(frozen=True, slots=True)
class BestWaiting:
    lead: int
    kind: Literal["best_waiting"] = "best_waiting"


@dataclass(frozen=True, slots=True)
class NothingWaits:
    """None that this officer may take; `others` wait that they may not, with the reason where it is their own leads without a try.
    Where they serve in no team, these are those of the teams that they manage."""

    others: int
    full: Refusal | None = None
    serves: bool = True
    kind: Literal["nothing_waits"] = "nothing_waits"


@dataclass(frozen=True, slots=True)
class CallFirst:
    """The officer holds as many leads without a try as they may; `lead` waits longest."""

    lead: int
    because: Refusal
    kind: Literal["call_first"] = "call_first"


@dataclass(frozen=True, slots=True)
class HandedTo:
    """The officer owns it now."""

    lead: int
    kind: Literal["handed_to"] = "handed_to"


NextOutcome = HandedTo | BestWaiting | CallFirst | NothingWaits
_answers: TypeAdapter[NextOutcome] = TypeAdapter(NextOutcome)


async def find(services: Services, officer: KnownOfficer, words: str) -> Found | Exceptions | NotUnderstood:
    """The leads that these words fit and this person may see so: by a number or a name, else by what the words say of leads."""
    by_name = await find_by_name(services, officer, words)
    if isinstance(by_name, Exceptions) or by_name.sure:
        return by_name
    vocabulary = await vocabulary_of(services, officer)
    match vocabulary.understand(words):
        case Unclear("words") | ():
            return by_name
        case Unclear() as unclear:
            return vocabulary.ask_back(unclear)
        case sought:
            return await services.store.read(look_for_fitting, officer, sought, vocabulary.tell(sought), services.clock.now())


async def find_by_name(services: Services, officer: KnownOfficer, words: str) -> Found | Exceptions:
    """The leads of this number, phone or name, or of one that resembles it."""
    if words.strip().casefold() == EXCEPTIONS:
        return await services.store.read(exceptions, officer)
    return await services.store.read(look_for, officer, words)


async def find_said(services: Services, officer: KnownOfficer, said: str) -> Found:
    """The leads that somebody means who types this for one: of a number with # that one, of a number of a lead of theirs or a free one
    that one too; else those of this number, end of a phone or name."""
    digits = said.strip().removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        found = await find_by_name(services, officer, said)
        return found if isinstance(found, Found) else Found((), 0, at_least=False, sure=True)
    return await services.store.read(_said_in_digits, officer, digits, exactly=said.strip().startswith("#"))


def _said_in_digits(session: Session, officer: KnownOfficer, digits: str, *, exactly: bool) -> Found:
    number = int(digits)
    lead = lead_view(session, number)
    anybodys = lead is not None and (lead.owner_id in (None, officer.id) or may(officer.role, "see_unmasked_any"))
    found = None if exactly or anybodys else look_for(session, officer, digits)
    if found is not None and found.leads:
        return found
    # That there is no such lead, or that it is not theirs, is said where it is acted on.
    return Found((FoundLead(number, "", "new", None),), 1, at_least=False, sure=True)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every name of this company's by which leads are looked for, in English and as one person calls it: by part, its key and its name."""

    names: Mapping[Named, Mapping[str, str]]
    spellings: Mapping[Named, Mapping[str, str]]

    def understand(self, words: str) -> tuple[Sought, ...] | Unclear:
        return read_sought(words, self.spellings)

    def tell(self, sought: tuple[Sought, ...]) -> tuple[Condition, ...]:
        return tuple(Condition(each.part, self.names[each.part][each.value] if each.part in NAMED else each.value) for each in sought)

    def ask_back(self, unclear: Unclear) -> NotUnderstood:
        if unclear.part == "words":
            return NotUnderstood("words", unclear.said, ())
        spellings, names = self.spellings[unclear.part], self.names[unclear.part]
        near = tuple(dict.fromkeys(names[spellings[each]] for each in closest(bare_words(unclear.said), spellings)))
        return NotUnderstood(unclear.part, unclear.said, near or tuple(names.values())[:_MOST_KNOWN])


async def vocabulary_of(services: Services, person: KnownOfficer) -> Vocabulary:
    """What this person may say and hears."""
    label, english, config = labels(person.language), labels("en"), services.in_force
    people = await services.store.read(everybody)
    segments = {each.key: each.name for each in config.segments}
    names: dict[Named, dict[str, str]] = {
        "segment": {key: name or label("segment", key) for key, name in segments.items()},
        "purpose": {key: label("purpose", key) for key in get_args(Purpose)},
        "stage": {key: label("stage", key) for key in stages.STAGES},
        "source": {key: source.label for key, source in config.sources.items()},
        "state": dict(STATES),
        "officer": {each.key: each.name for each in people} | {NOBODY: label("sought", NOBODY)},
        "grade": {each: each for each in get_args(Grade)},
    }
    spellings: dict[Named, dict[str, str]] = {
        part: {bare_words(said): key for key, name in known.items() for said in (name, key)} for part, known in names.items()
    }
    for part in ("segment", "purpose", "stage"):
        spellings[part] = {bare_words(english(part, key)): key for key in names[part]} | spellings[part]
    spellings["stage"] = {bare_words(said): key for said, key in stages.MEANING.items()} | spellings["stage"]
    firsts = {each.name.partition(" ")[0]: each.key for each in people}
    alone = {bare_words(first): key for first, key in firsts.items() if len(called(first, people)) == 1}
    spellings["officer"] = alone | spellings["officer"] | dict.fromkeys(_FREE, NOBODY) | {"me": person.key, "mine": person.key}
    return Vocabulary(names, spellings)


async def find_next(services: Services, pressed: Press) -> NextOutcome:
    """The best free lead that this officer may take: made theirs where its rule hands leads out so."""
    outcome, leases = await services.store.transact(next_lead, pressed)
    services.owe(leases)
    return outcome


def exceptions(session: Session, officer: KnownOfficer) -> Exceptions:
    hits = leads_nobody_may_take(session, officer.id, any_team=officer.active and may(officer.role, "see_unmasked_any"))
    return Exceptions(_lines(hits, officer), len(hits), at_least=len(hits) == MOST)


def look_for(session: Session, officer: KnownOfficer, words: str) -> Found:
    any_team = officer.active and may(officer.role, "see_unmasked_any")
    if _DIGITS.fullmatch(words) or words.startswith("#"):
        hits = _by_digits(session, officer, re.sub(r"\D", "", words), any_team=any_team)
        return Found(_lines(hits, officer), len(hits), at_least=len(hits) >= MOST, sure=True)
    asked = [word.strip(".,") for word in words.split()[:_MOST_WORDS]]
    named = leads_named(session, officer.id, [word for word in asked if word], any_team=any_team)
    if hits := [hit for hit in named if _is_called(hit, officer, asked)]:
        return Found(_lines(hits, officer), len(hits), at_least=len(named) == MOST, sure=True)
    hits = _alike(leads_named(session, officer.id, [], any_team=any_team), officer, words)
    return Found(_lines(hits, officer), len(hits), at_least=False, sure=False)


def look_for_fitting(
    session: Session, officer: KnownOfficer, sought: tuple[Sought, ...], understood: tuple[Condition, ...], at: datetime
) -> Found:
    any_team = officer.active and may(officer.role, "see_unmasked_any")
    hits = leads_that_fit(session, officer.id, sought, at, any_team=any_team)
    return Found(_lines(hits, officer), len(hits), at_least=len(hits) == MOST, sure=True, understood=understood)


def _by_digits(session: Session, officer: KnownOfficer, digits: str, *, any_team: bool) -> list[Hit]:
    """The lead of that number, and the leads whose phone ends so where this person may see phones."""
    hits: list[Hit] = []
    if len(digits) >= _LAST_FOUR:
        hits = [hit for hit in leads_with_phone(session, officer.id, digits[-10:], any_team=any_team) if _sees(hit, officer)]
    number = int(digits) if digits and len(digits) <= 9 else 0
    lead = lead_view(session, number) if number else None
    if lead is not None and number not in {hit.number for hit in hits}:
        own = lead.owner_id == officer.id
        hits.insert(0, Hit(number, lead.first_name, lead.last_name, lead.masked, own, lead.stage, lead.owner_name))
    return hits


def _lines(hits: list[Hit], officer: KnownOfficer) -> tuple[FoundLead, ...]:
    return tuple(FoundLead(hit.number, _shown(hit, officer), hit.stage, hit.owner_name) for hit in hits[:SHOWN])


def _is_called(hit: Hit, officer: KnownOfficer, words: list[str]) -> bool:
    """Whether each word begins a part of the name, as far as this person may see it."""
    parts = _shown(hit, officer).casefold().split()
    return all(any(part.startswith(word.casefold()) for part in parts) for word in words)


def _alike(hits: list[Hit], officer: KnownOfficer, words: str) -> list[Hit]:
    """Those whose name is about as the words say it."""
    return [hit for hit in hits if fuzz.token_sort_ratio(_shown(hit, officer).casefold(), words.casefold()) >= ALIKE]


def _shown(hit: Hit, officer: KnownOfficer) -> str:
    nobody = labels(officer.language)("borrower", "unknown")
    if _sees(hit, officer) or not hit.masked:
        return one_line(" ".join(part for part in (hit.first_name, hit.last_name) if part), 60) or nobody
    return initial_name(hit.first_name, hit.last_name, nobody)


def _sees(hit: Hit, officer: KnownOfficer) -> bool:
    return officer.active and may_see_borrower(officer.role, own=hit.own)


def next_lead(session: Session, by: Press) -> tuple[NextOutcome, list[Lease]]:
    """The transaction of /lead next."""
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _answers, lambda: _next(session, by, leases)), leases


def _next(session: Session, by: Press, leases: list[Lease]) -> NextOutcome:
    missed: list[int] = []
    while True:
        best = best_waiting(session, by.officer_id, by.at, without=missed)
        if isinstance(best, NothingWaits) and best.full is not None and (oldest := longest_without_attempt(session, by.officer_id)):
            return CallFirst(oldest, replace(best.full, oldest=oldest))
        if not isinstance(best, BestWaiting) or not is_handed_out(session, best.lead):
            return best
        if isinstance(decide_claim(session, replace(by, lead=best.lead), leases, chosen=False), Claimed):
            return HandedTo(best.lead)
        missed.append(best.lead)  # somebody was quicker


def _is_for_others(session: Session, number: int, officer_id: int, now: datetime) -> bool:
    """Who let it go is not handed it again at once, unless hardly anybody else could have it."""
    return is_handed_out(session, number) and len(others_for(session, number, officer_id, now)) >= 2


def best_waiting(session: Session, officer_id: int, now: datetime, without: Collection[int] = ()) -> BestWaiting | NothingWaits:
    if not serves_somewhere(session, officer_id):
        return NothingWaits(len(waiting_where_they_manage(session, officer_id)), serves=False)
    others, full = 0, None
    for number in waiting_leads(session, officer_id):
        if number in without:
            continue
        lead = lead_view(session, number)
        if lead is None:
            continue
        # Who asks is at work, whatever their hours are.
        team = team_before(session, lead, now, soft_caps=waited_long(session, number), by_hours=False)
        mine = next((each for each in team if each.member.id == officer_id), None)
        if mine is None or mine.member.passed or (mine.member.let_go and _is_for_others(session, number, officer_id, now)):
            others += 1
        elif mine.because is None:
            return BestWaiting(number)
        else:
            others += 1
            full = mine.because if mine.because.reason is Reason.OVER_OPEN_CAP else full
    return NothingWaits(others, full)
