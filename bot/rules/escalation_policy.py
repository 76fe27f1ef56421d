"""What happens, and when, while nobody claims a lead, its owner has not called, or the borrower waits for an answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

from bot.rules.cadence import DEFAULT_CADENCE, Cadence


class StepKind(StrEnum):
    RING_BEST = "ring_best"  # the best three officers
    RING_ALL = "ring_all"
    TELL_TEAM_LEAD = "tell_team_lead"
    OFFER_NEXT = "offer_next"  # a direct message to the next in turn
    WIDEN_AND_MANAGER = "widen_and_manager"  # the wider channel, and the manager
    TELL_MANAGER = "tell_manager"
    NUDGE = "nudge"
    WARN = "warn"  # the lead goes back in two minutes
    TAKE_BACK = "take_back"
    TELL_OWNER = "tell_owner"
    TELL_COVER = "tell_cover"
    RING_AGAIN = "ring_again"  # those too who were rung before
    WIDER_CHANNEL = "wider_channel"
    GIVE = "give"  # to whose turn it is by the lead's rule, else to the best
    NOBODY_AVAILABLE = "nobody_available"  # says so where it is so
    MESSAGE = "message"
    TEXT = "text"  # and a message
    CALL = "call"  # and a message
    EMAIL = "email"  # and a message


TO_SOMEBODY = frozenset({StepKind.MESSAGE, StepKind.TEXT, StepKind.CALL, StepKind.EMAIL})
"""Steps that say to whom: to a role of `ROLES`, or to an officer by their key."""
ROLES = ("team_lead", "manager", "owner")
RINGS = frozenset({StepKind.RING_BEST, StepKind.RING_ALL, StepKind.RING_AGAIN})

CAPS_ARE_SOFT_AFTER = 5
"""Callable minutes of waiting after which a full day is no reason to leave a lead lying."""


@dataclass(frozen=True, slots=True)
class Step:
    """`after`: callable minutes since the clock started. `whom` is there where the kind is one of `TO_SOMEBODY`."""

    after: int
    kind: StepKind
    whom: str | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps in order of time, numbered from 0. With `repeat_every` (minutes) the last one comes again and again, and the numbers go on.

    ValueError when there is no step, one not later than the one before or before the start, or a repetition without a pause.
    """

    steps: tuple[Step, ...]
    repeat_every: int | None = None

    def __post_init__(self) -> None:
        if not self.steps or self.steps[0].after < 0 or any(later.after <= earlier.after for earlier, later in pairwise(self.steps)):
            raise ValueError("The steps of an escalation come one after another, each some minutes later.")
        if self.repeat_every is not None and self.repeat_every < 1:
            raise ValueError("A step repeats every so many minutes, at least one.")


@dataclass(frozen=True, slots=True)
class Policy:
    """One ladder for each clock of a lead, and when its owner tries again to reach a borrower who was not reached."""

    unclaimed: Ladder
    uncontacted: Ladder
    unanswered: Ladder
    cadence: Cadence = DEFAULT_CADENCE


DEFAULT_UNCLAIMED = Ladder(
    (
        Step(0, StepKind.RING_BEST),
        Step(2, StepKind.RING_ALL),
        Step(5, StepKind.TELL_TEAM_LEAD),
        Step(10, StepKind.OFFER_NEXT),
        Step(15, StepKind.WIDEN_AND_MANAGER),
        Step(30, StepKind.TELL_MANAGER),
    ),
    repeat_every=30,
)
DEFAULT_UNCONTACTED = Ladder((Step(5, StepKind.NUDGE), Step(13, StepKind.WARN), Step(15, StepKind.TAKE_BACK)))
DEFAULT_UNANSWERED = Ladder((Step(0, StepKind.TELL_OWNER), Step(10, StepKind.TELL_COVER), Step(15, StepKind.TELL_TEAM_LEAD)))
DEFAULT_POLICY = Policy(DEFAULT_UNCLAIMED, DEFAULT_UNCONTACTED, DEFAULT_UNANSWERED)


@dataclass(frozen=True, slots=True)
class ToDo:
    """The one step to take now, and the kinds of the earlier ones that a downtime swallowed."""

    number: int
    kind: StepKind
    missed: frozenset[StepKind]
    whom: str | None = None


def to_do(ladder: Ladder, last_done: int | None, elapsed_minutes: float) -> ToDo | None:
    """The last step that is due and not yet done, however many are overdue; None when there is none. `last_done` None: none was taken."""
    due = due_step(ladder, elapsed_minutes)
    first_open = 0 if last_done is None else last_done + 1
    if due is None or due < first_open:
        return None
    step = step_of(ladder, due)
    missed = frozenset(kind_of(ladder, number) for number in range(first_open, due)) - {step.kind}
    return ToDo(due, step.kind, missed, step.whom)


def due_step(ladder: Ladder, elapsed_minutes: float) -> int | None:
    """The number of the last step that is due by now; None before the first."""
    passed = sum(step.after <= elapsed_minutes for step in ladder.steps)
    if passed == len(ladder.steps) and ladder.repeat_every:
        passed += int((elapsed_minutes - ladder.steps[-1].after) // ladder.repeat_every)
    return passed - 1 if passed else None


def after_of(ladder: Ladder, number: int) -> int | None:
    """The callable minutes after which this step is due; None when the ladder ends before it."""
    last = len(ladder.steps) - 1
    if number <= last:
        return ladder.steps[number].after
    return ladder.steps[last].after + (number - last) * ladder.repeat_every if ladder.repeat_every else None


def step_of(ladder: Ladder, number: int) -> Step:
    """The step with this number; a repetition does what the last step does."""
    return ladder.steps[min(number, len(ladder.steps) - 1)]


def kind_of(ladder: Ladder, number: int) -> StepKind:
    """What the step with this number does."""
    return step_of(ladder, number).kind


def stored(rows: Sequence[Mapping[str, Any]] | None) -> Policy:
    """The policy that a running clock follows: its stored version, or the default where it has none."""
    return DEFAULT_POLICY if rows is None else from_json(rows)


def as_json(policy: Policy) -> list[dict[str, Any]]:
    """The rows that the store keeps of one version: {"clock": "unclaimed", "after": 2, "kind": "ring_all"}; a step to somebody says "whom",
    a ladder's last step carries its "repeat_every", and a cadence of its own is {"clock": "cadence", "days": [1, 1, 2]}."""
    rows: list[dict[str, Any]] = []
    for clock, ladder in _ladders(policy).items():
        rows += [_row(clock, step) for step in ladder.steps]
        if ladder.repeat_every:
            rows[-1]["repeat_every"] = ladder.repeat_every
    if policy.cadence != DEFAULT_CADENCE:
        rows.append({"clock": "cadence", "days": list(policy.cadence.days)})
    return rows


def _row(clock: str, step: Step) -> dict[str, Any]:
    row = {"clock": clock, "after": step.after, "kind": step.kind.value}
    return row if step.whom is None else {**row, "whom": step.whom}


def from_json(rows: Sequence[Mapping[str, Any]]) -> Policy:
    """What `as_json` wrote. ValueError when a clock has no valid ladder or a kind is unknown; KeyError when a row lacks a part."""
    ladders = {clock: _ladder([row for row in rows if row["clock"] == clock]) for clock in _ladders(DEFAULT_POLICY)}
    cadence = next((Cadence(tuple(row["days"])) for row in rows if row["clock"] == "cadence"), DEFAULT_CADENCE)
    return Policy(**ladders, cadence=cadence)


def _ladder(rows: Sequence[Mapping[str, Any]]) -> Ladder:
    return Ladder(
        tuple(Step(row["after"], StepKind(row["kind"]), row.get("whom")) for row in rows), rows[-1].get("repeat_every") if rows else None
    )


def ladder_of(policy: Policy, clock: str) -> Ladder:
    """The ladder of the clock with this name."""
    return _ladders(policy)[clock]


def next_step(ladder: Ladder, done: int) -> StepKind | None:
    """What comes after the step with this number, or first where it is below 0; None when the ladder ends there."""
    number = max(0, done + 1)
    return None if after_of(ladder, number) is None else kind_of(ladder, number)


def _ladders(policy: Policy) -> dict[str, Ladder]:
    return {"unclaimed": policy.unclaimed, "uncontacted": policy.uncontacted, "unanswered": policy.unanswered}
