"""What a lead is worth and which segments it belongs to: judged when it comes, whenever something happens, and as time goes by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlmodel import Session

from bot.config.stored import newest_stored, read_stored
from bot.distribution.routing import wish_of
from bot.rules.dispositions import EFFECTS, Disposition
from bot.rules.scoring import DEFAULT, Score, Scoring, ScoringFacts, loses_next, score, shown_on_card, wants_call_now
from bot.rules.segments import BUILT_IN, Segment, segments_of
from bot.store.events import Fact, append_event
from bot.store.postings import Lease, redraw
from bot.store.scoring import Counted, Heard, counted, due_scores, keep_score

REACHED = frozenset({each for each, effects in EFFECTS.items() if effects.is_contact} - {Disposition.DO_NOT_CALL})
"""Results of a call in which the borrower was spoken with; who only forbids another call is worth no more for it."""
BAD_NUMBER = frozenset({"bad_number", "wrong_person"})
ASLEEP = timedelta(days=30)
"""Who was not heard of for so long and comes back is shown again, unless their loan is under way."""
EARLY = ("new", "attempted", "contacted", "nurture")


@dataclass(frozen=True, slots=True)
class Standards:
    """What leads are judged by: the scoring and the segments of a config."""

    scoring: Scoring = DEFAULT
    segments: tuple[Segment, ...] = BUILT_IN


@dataclass(frozen=True, slots=True)
class Judged:
    """The score that a lead has now, what it was made of before, and how long nothing had been heard of its borrower."""

    score: Score
    before: Counted
    quiet: timedelta

    def news(self, heard: Heard) -> dict[str, Any]:
        """What is worth telling of it, for the timeline: another grade, a wish to be called now, a return after a long time."""
        told: dict[str, Any] = {}
        if self.score.grade != self.before.grade:
            told |= {"grade_before": self.before.grade, "grade": self.score.grade}
        if heard.call is not None:
            told["call"] = heard.call
        if self.quiet >= ASLEEP and (self.before.ended or self.before.stage in EARLY):
            told["back_after_days"] = self.quiet.days
        return told


def standards_of(session: Session) -> Standards:
    """Those of the newest config, read within the transaction so that nobody has to bring them along."""
    stored = newest_stored(session)
    return Standards() if stored is None else _read(stored.text)


@lru_cache(maxsize=8)
def _read(text: str) -> Standards:
    config = read_stored(text)
    assert config is not None, "it was understood a moment ago"
    return Standards(config.scored_by, config.segments_in_force)


def facts_of(
    record: Mapping[str, Any],
    source: str,
    *,
    has_phone: bool,
    has_email: bool,
    heard: tuple[Heard, ...] = (),
    results: frozenset[str] = frozenset(),
    quiet: timedelta = timedelta(),
) -> ScoringFacts:
    """What a score may look at of a canonical record, and of what happened since."""
    value = "property_value" if "property_value_raw" in record else "purchase_price"
    wishes = [each.call for each in heard if each.call is not None]
    asked_at_first = wants_call_now(record.get("best_time"), record.get("comments"))
    return ScoringFacts(
        source=source,
        intent=record.get("intent"),
        purpose=record.get("purpose"),
        time_frame=record.get("time_frame"),
        wants_call_now=wishes[-1] == "asked" if wishes else asked_at_first,
        under_contract=record.get("under_contract"),
        found_home=record.get("found_home"),
        credit_low=record.get("credit_low"),
        loan_amount=record.get("loan_amount_high") or record.get("loan_amount_low"),
        property_value=record.get(f"{value}_low") or record.get(f"{value}_high"),
        has_phone=has_phone,
        has_email=has_email,
        has_state=bool(record.get("property_state")),
        reached=not REACHED.isdisjoint(results),
        bad_number=not BAD_NUMBER.isdisjoint(results),
        did=frozenset(each.did for each in heard),
        quiet=quiet,
    )


def first_score(record: Mapping[str, Any], source: str, scoring: Scoring) -> Score:
    """The score of a lead that comes just now."""
    return score(facts_of(record, source, has_phone=bool(record.get("phones")), has_email=bool(record.get("emails"))), scoring)


def within(record: Mapping[str, Any], source: str, segments: tuple[Segment, ...]) -> dict[str, str | None]:
    """The segments that a lead belongs to: by key, the company's own name for it, None for one of ours."""
    return segments_of(wish_of(record, source), segments)


def judge_again(session: Session, lead_id: int, at: datetime, just: Heard | None = None) -> Judged:
    """Score a lead, which is locked, by all that is known now; `just` is what its borrower does now and no event tells yet."""
    standards, known = standards_of(session), counted(session, lead_id)
    heard = known.heard + ((just,) if just else ())
    heard_at = max(known.heard_at, just.at) if just else known.heard_at
    made = score(_facts(known, heard, at - heard_at), standards.scoring)
    next_due = None if known.ended and just is None else loses_next(heard_at, at, made.points, standards.scoring)
    keep_score(session, lead_id, made, within(known.details, known.source, standards.segments), next_due)
    return Judged(made, known, at - known.heard_at)


def _facts(known: Counted, heard: tuple[Heard, ...], quiet: timedelta) -> ScoringFacts:
    return facts_of(
        known.details, known.source, has_phone=known.has_phone, has_email=known.has_email, heard=heard, results=known.results, quiet=quiet
    )


def judge_due(session: Session, now: datetime, salt: str, chosen: Sequence[int] | None = None) -> tuple[int, list[Lease]]:
    """Judge anew the leads of which something happened, or whose borrowers are quiet for another while; return how many."""
    due = due_scores(session, now, chosen)
    leases: list[Lease] = []
    for lead_id in due:
        judged = judge_again(session, lead_id, now)
        made, before = judged.score, judged.before
        if made.grade != before.grade:
            meta = {"grade_before": before.grade, "grade": made.grade, "points": made.points, "version": made.version}
            append_event(session, lead_id, Fact("scored", "leadbell", now, meta), salt)
        if made.grade != before.grade or shown_on_card(made.reasons) != shown_on_card(before.reasons):
            leases += redraw(session, lead_id, at_once=True)
    return len(due), leases
