"""Escalation policies of a config: what happens, and after how many callable minutes, in steps that a team or a source can name."""

from dataclasses import replace
from itertools import groupby, pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from bot.config.entry import Entry
from bot.config.outline import person_key
from bot.config.problems import say
from bot.config.values import DayOfPlan, Key, Minutes, Pause, Text, many, one_of
from bot.rules.cadence import DEFAULT_CADENCE, MOST_TRIES, Cadence
from bot.rules.escalation_policy import DEFAULT_POLICY, TO_SOMEBODY, Ladder, Policy, Step, StepKind

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
    StepKind.RING_AGAIN: "ring again",
    StepKind.WIDER_CHANNEL: "wider channel",
    StepKind.GIVE: "given to the next",
    StepKind.NOBODY_AVAILABLE: "word where nobody is free",
    StepKind.MESSAGE: "message",
    StepKind.TEXT: "text",
    StepKind.CALL: "call",
    StepKind.EMAIL: "email",
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
        StepKind.RING_AGAIN,
        StepKind.WIDER_CHANNEL,
        StepKind.GIVE,
        StepKind.NOBODY_AVAILABLE,
        StepKind.MESSAGE,
        StepKind.TEXT,
        StepKind.CALL,
        StepKind.EMAIL,
    ),
]
UncontactedKind = Annotated[
    StepKind,
    _one_of(StepKind.NUDGE, StepKind.WARN, StepKind.TAKE_BACK, StepKind.MESSAGE, StepKind.TEXT, StepKind.CALL, StepKind.EMAIL),
]
UnansweredKind = Annotated[
    StepKind,
    _one_of(
        StepKind.TELL_OWNER,
        StepKind.TELL_COVER,
        StepKind.TELL_TEAM_LEAD,
        StepKind.MESSAGE,
        StepKind.TEXT,
        StepKind.CALL,
        StepKind.EMAIL,
    ),
]


MOST_REPEATS = 100
"""How often a step may come, so that the steps of a lead stay few."""


class AnyStep(Entry):
    """When a step comes: once, or again `every` so many minutes `until` a minute. `whom` is for those that go to somebody."""

    after: Minutes = Field(description="after how many callable minutes, such as 5")
    whom: Annotated[Text, person_key()] | None = None
    every: Pause | None = None
    until: Minutes | None = None

    @model_validator(mode="after")
    def _repeats(self) -> Self:
        if (self.every is None) != (self.until is None):
            raise say("A step comes again every so many minutes until a minute: write both every and until, or neither.")
        if self.every is not None and self.until is not None:
            if self.until <= self.after:
                raise say(f"It comes first after {self.after} minutes and so cannot end after {self.until}.")
            if (self.until - self.after) // self.every > MOST_REPEATS:
                raise say(f"That is more than {MOST_REPEATS} times. Let more minutes pass in between.")
        return self

    @property
    def afters(self) -> tuple[int, ...]:
        """The minutes after which it comes."""
        return (self.after,) if self.every is None or self.until is None else tuple(range(self.after, self.until + 1, self.every))


def _to_whom(kind: StepKind, whom: str | None) -> None:
    if kind in TO_SOMEBODY and whom is None:
        raise say("To whom? Write whom: and team_lead, manager, owner or the key of an officer.")
    if kind not in TO_SOMEBODY and whom is not None:
        raise say(f"{kind} does not ask to whom. Remove whom, or let the step be {' or '.join(sorted(TO_SOMEBODY))}.")


class UnclaimedStep(AnyStep):
    """A step while nobody has claimed the lead."""

    do: UnclaimedKind = Field(description="what happens then, such as ring_all")

    @model_validator(mode="after")
    def _whom(self) -> Self:
        _to_whom(self.do, self.whom)
        if self.whom == "owner":
            raise say("Nobody owns the lead while this step counts. Name team_lead, manager or an officer.")
        return self


class UncontactedStep(AnyStep):
    """A step while the owner has not tried to reach the borrower."""

    do: UncontactedKind = Field(description="what happens then, such as nudge")

    @model_validator(mode="after")
    def _whom(self) -> Self:
        _to_whom(self.do, self.whom)
        return self


class UnansweredStep(AnyStep):
    """A step while the borrower waits for an answer."""

    do: UnansweredKind = Field(description="what happens then, such as tell_cover")

    @model_validator(mode="after")
    def _whom(self) -> Self:
        _to_whom(self.do, self.whom)
        return self


WrittenStep = UnclaimedStep | UncontactedStep | UnansweredStep


def _in_order(steps: tuple[WrittenStep, ...]) -> tuple[WrittenStep, ...]:
    for earlier, later in pairwise(steps):
        if later.after <= earlier.after:
            raise say(f"The step after {later.after} minutes stands behind the one after {earlier.after}. Write the earlier one first.")
    minutes = [after for step in steps for after in step.afters]
    twice = sorted({after for after in minutes if minutes.count(after) > 1})
    if twice:
        raise say(f"Two steps come after {twice[0]} minutes. Let each have a minute of its own.")
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
    def steps(self) -> tuple[WrittenStep, ...]:
        """All that are written, of each list."""
        return (*self.unclaimed, *self.uncontacted, *self.unanswered)

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
    if not steps:
        return usual
    spread = [Step(after, step.do, step.whom) for step in steps for after in step.afters]
    return Ladder(tuple(sorted(spread, key=lambda step: step.after)))


def in_words(ladder: Ladder) -> str:
    """A ladder as people say it: "0 best three, 2 all officers, then every 30"."""
    steps = ", ".join(f"{step.after} {DONE_BY_STEP[step.kind]}" + (f" to {step.whom}" if step.whom else "") for step in ladder.steps)
    return f"{steps}, then every {ladder.repeat_every}" if ladder.repeat_every else steps


def cadence_in_words(cadence: Cadence) -> str:
    """A cadence as people say it: "3 on day 1, then days 2, 3, 4"."""
    by_day = [(day, len(list(tries))) for day, tries in groupby(cadence.days)]
    said = [str(day) if tries == 1 else f"{day} ({tries} times)" for day, tries in by_day[1:]]
    first = f"{by_day[0][1]} on day 1"
    return f"{first}, then {'day' if len(said) == 1 else 'days'} {', '.join(said)}" if said else first
