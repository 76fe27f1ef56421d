"""Escalation policies of a config: what happens, and after how many callable minutes, in steps that a team or a source can name."""

from dataclasses import replace
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from bot.config.entry import Entry
from bot.config.problems import say
from bot.config.values import Key, Minutes, Pause, one_of
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


class EscalationPolicy(Entry):
    """What happens, and when, while a lead waits. A list that is left out is the usual one; `repeat_every` repeats the last step of
    `unclaimed` after so many minutes, again and again."""

    key: Key = Field(description="a short name that never changes, such as gentle")
    unclaimed: Annotated[tuple[UnclaimedStep, ...], AfterValidator(_in_order)] = ()
    uncontacted: Annotated[tuple[UncontactedStep, ...], AfterValidator(_in_order)] = ()
    unanswered: Annotated[tuple[UnansweredStep, ...], AfterValidator(_in_order)] = ()
    repeat_every: Pause = 30

    @property
    def policy(self) -> Policy:
        """What the clocks follow."""
        return Policy(
            unclaimed=replace(_ladder(self.unclaimed, DEFAULT_POLICY.unclaimed), repeat_every=self.repeat_every),
            uncontacted=_ladder(self.uncontacted, DEFAULT_POLICY.uncontacted),
            unanswered=_ladder(self.unanswered, DEFAULT_POLICY.unanswered),
        )


def _ladder(steps: tuple[WrittenStep, ...], usual: Ladder) -> Ladder:
    return Ladder(tuple(Step(step.after, step.do) for step in steps)) if steps else usual


def in_words(ladder: Ladder) -> str:
    """A ladder as people say it: "0 best three, 2 all officers, then every 30"."""
    steps = ", ".join(f"{step.after} {DONE_BY_STEP[step.kind]}" for step in ladder.steps)
    return f"{steps}, then every {ladder.repeat_every}" if ladder.repeat_every else steps
