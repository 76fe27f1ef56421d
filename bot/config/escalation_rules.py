"""Escalation rules of a config: conditions on a lead and on the hour, and the policy that what fits follows."""

from functools import lru_cache
from typing import Annotated

from pydantic import Field, TypeAdapter

from bot.config.entry import Entry
from bot.config.outline import policy_key, team_key
from bot.config.routing import When
from bot.config.values import Text, one_of
from bot.rules import escalation_rules

DURING = {"working_hours": "while the team works", "off_hours": "while the team does not work"}
"""Each time in an operator's words."""


class EscalationRule(Entry):
    """A rule: the first of the list that fits decides as a lead begins to wait. Without `team` it is about every team; `during` says
    whether the team works at that moment."""

    name: Text = Field(description='what the rule is called, such as "Hot leads"')
    when: When = When()
    team: Annotated[Text, team_key()] | None = None
    during: Annotated[escalation_rules.During, one_of("a time", DURING)] | None = None
    policy: Annotated[Text, policy_key()] = Field(description="the key of an escalation policy, such as brisk")

    @property
    def rule(self) -> escalation_rules.EscalationRule:
        """What a lead is judged by."""
        return escalation_rules.EscalationRule(self.name, self.policy, self.when.conditions, self.team, self.during)


_written: TypeAdapter[tuple[EscalationRule, ...]] = TypeAdapter(tuple[EscalationRule, ...])


def as_text(rules: tuple[EscalationRule, ...]) -> str:
    """The rules as the store keeps them; empty where there are none."""
    return _written.dump_json(rules).decode() if rules else ""


@lru_cache(maxsize=16)
def from_text(text: str) -> tuple[escalation_rules.EscalationRule, ...]:
    """What a lead is judged by, from what `as_text` wrote."""
    return tuple(written.rule for written in _written.validate_json(text)) if text else ()
