"""Escalation policies of a config: what happens, and after how many callable minutes, in steps that a team or a source can name."""

from dataclasses import replace
from itertools import groupby, pairwise
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from bot.config.entry import Entry
from bot.config.problems import say
from bot.config.values import DayOfPlan, Key, Minutes, Pause, many, one_of
from bot.rules.cadence import DEFAULT_CADENCE, MOST_TRIES, Cadence
from bot.rules.escalation_policy import DEFAULT_POLICY, Ladder, Policy, Step, StepKind

DONE_BY_STEP = {
    StepKind.RING_BEST: "best three",
    StepKind.RING_ALL: "all officers",
    StepKind.TELL_TEAM_LEAD: "team lead",
    StepKind.OFFER_NEXT: "next in turn",
    StepKind.WIDEN_AND_MANAGER: "wider channel and manager",
    StepKind.TELL_MANAGER: "manager",
    StepKind.NUDGE: "reminder",
    StepKind.WARN: "warning",
    StepKind.TAKE_BACK: "back to the pool",
    StepKind.TELL_OWNER: "owner",
    StepKind.TELL_COVER: "cover",
}
"""Each kind of step in an operator's words."""


def _one_of(*kinds: StepKind) -> BeforeValidator:
    return one_of("a step here", {kind.value: DONE_BY_STEP[kind] for kind in kinds})


UnclaimedKind = Annotated[
    StepKind,
    _one_of(
        StepKind.RING_BEST,
        StepKind.RING_ALL,
        StepKind.TELL_TEAM_LEAD,
        StepKind.OFFER_NEXT,
        StepKind.WIDEN_AND_MANAGER,
        StepKind.TELL_MANAGER,
    ),
]
UncontactedKind = Annotated[StepKind, _one_of(StepKind.NUDGE, StepKind.WARN, StepKind.TAKE_BACK)]
UnansweredKind = Annotated[StepKind, _one_of(StepKind.TELL_OWNER, StepKind.TELL_COVER, StepKind.TELL_TEAM_LEAD)]


class UnclaimedStep(Entry):
    """A step while nobody has claimed the lead."""

    after: Minutes = Field(description="after how many callable minutes, such as 5")
    do: UnclaimedKind = Field(description="what happens then, such as ring_all")


class UncontactedStep(Entry):
    """A step while the owner has not tried to reach the borrower."""

    after: Minutes = Field(description="after how many callable minutes, such as 5")
    do: UncontactedKind = Field(description="what happens then, such as nudge")


class UnansweredStep(Entry):
    """A step while the borrower waits for an answer."""

    after: Minutes = Field(description="after how many callable minutes, such as 10")
    do: UnansweredKind = Field(description="what happens then, such as tell_cover")


WrittenStep = UnclaimedStep | UncontactedStep | UnansweredStep


def _in_order(steps: tuple[WrittenStep, ...]) -> tuple[WrittenStep, ...]:
    for earlier, later in pairwise(steps):
        if later.after <= earlier.after:
            raise say(f"The step after {later.after} minutes stands behind the one after {earlier.after}. Write the earlier one first.")
    return steps


def _days_in_order(days: tuple[int, ...]) -> tuple[int, ...]:
    if days and days[0] != 1:
        raise say("The first try is on day 1, the day on which somebody calls first. Begin with 1.")
    for earlier, later in pairwise(days):
        if later < earlier:
            raise say(f"Day {later} stands behind day {earlier}. Write the earlier one first.")
    if len(days) > MOST_TRIES:
        raise say(f"These are {len(days)} tries. More than {MOST_TRIES} reach nobody else and annoy: leave some out.")
    return days


class EscalationPolicy(Entry):
    """What happens, and when, while a lead waits. A list that is left out is the usual one; `repeat_every` repeats the last step of
    `unclaimed` after so many minutes, again and again. `cadence` is the day of each try to reach a borrower who was not reached."""

    key: Key = Field(description="a short name that never changes, such as gentle")
    unclaimed: Annotated[tuple[UnclaimedStep, ...], AfterValidator(_in_order)] = ()
    uncontacted: Annotated[tuple[UncontactedStep, ...], AfterValidator(_in_order)] = ()
    unanswered: Annotated[tuple[UnansweredStep, ...], AfterValidator(_in_order)] = ()
    repeat_every: Pause = 30
    cadence: Annotated[tuple[DayOfPlan, ...], BeforeValidator(many), AfterValidator(_days_in_order)] = ()

    @property
    def policy(self) -> Policy:
        """What the clocks follow."""
        return Policy(
            unclaimed=replace(_ladder(self.unclaimed, DEFAULT_POLICY.unclaimed), repeat_every=self.repeat_every),
            uncontacted=_ladder(self.uncontacted, DEFAULT_POLICY.uncontacted),
            unanswered=_ladder(self.unanswered, DEFAULT_POLICY.unanswered),
            cadence=Cadence(self.cadence) if self.cadence else DEFAULT_CADENCE,
        )


def _ladder(steps: tuple[WrittenStep, ...], usual: Ladder) -> Ladder:
    return Ladder(tuple(Step(step.after, step.do) for step in steps)) if steps else usual


def in_words(ladder: Ladder) -> str:
    """A ladder as people say it: "0 best three, 2 all officers, then every 30"."""
    steps = ", ".join(f"{step.after} {DONE_BY_STEP[step.kind]}" for step in ladder.steps)
    return f"{steps}, then every {ladder.repeat_every}" if ladder.repeat_every else steps


def cadence_in_words(cadence: Cadence) -> str:
    """A cadence as people say it: "3 on day 1, then days 2, 3, 4"."""
    by_day = [(day, len(list(tries))) for day, tries in groupby(cadence.days)]
    said = [str(day) if tries == 1 else f"{day} ({tries} times)" for day, tries in by_day[1:]]
    first = f"{by_day[0][1]} on day 1"
    return f"{first}, then {'day' if len(said) == 1 else 'days'} {', '.join(said)}" if said else first
