"""Which escalation policy a lead's clock follows as it begins: rules in order, the first that fits decides."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.rules.routing import Facts, When

During = Literal["working_hours", "off_hours"]


@dataclass(frozen=True, slots=True)
class EscalationRule:
    """`policy` is a key. `team` None is every team; `during` None is any time, else whether the team works as the clock begins."""

    name: str
    policy: str
    when: When = field(default_factory=When)
    team: str | None = None
    during: During | None = None

    def fits(self, facts: Facts, team: str, *, at_work: bool) -> bool:
        in_time = self.during is None or (self.during == "working_hours") == at_work
        return in_time and self.team in (None, team) and self.when.against(facts) is None

    def covers(self, other: "EscalationRule") -> bool:
        """Whether it is plain that whatever fits the other fits this too."""
        return self.team in (None, other.team) and self.during in (None, other.during) and self.when.covers(other.when)


def first_that_fits(rules: Sequence[EscalationRule], facts: Facts, team: str, *, at_work: bool) -> EscalationRule | None:
    """The rule that decides; None leaves the clock to its source's policy, else its team's."""
    return next((rule for rule in rules if rule.fits(facts, team, at_work=at_work)), None)
