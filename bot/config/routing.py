"""Routing rules of a config: conditions on a lead, and the team and officers that get what fits."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from bot.config.entry import Entry
from bot.config.hours import SpansOfDay, spans_in_words
from bot.config.outline import officer_key, partner_key, segment_key, source_key, team_key
from bot.config.problems import say
from bot.config.values import (
    Amount,
    CreditScore,
    Flag,
    Grade,
    Intent,
    Languages,
    Points,
    PropertyType,
    PropertyUse,
    Purposes,
    Ringing,
    Seconds,
    Share,
    State,
    Text,
    Weight,
    Zip,
    many,
    one_of,
    without_repeats,
)
from bot.rules import routing

MODES = {
    "claim": "first to claim",
    "staggered": "first to claim",
    "round_robin": "in turn",
    "direct": "given to",
    "blind_pull": "handed out by /lead next",
}
"""Each mode in an operator's words."""

NAMED_BY = {
    "recipient": "the officer to whom the vendor sold it",
    "partner": "the officer of the partner who sent it",
    "last_owner": "who had the borrower's last lead",
}
"""How a lead names an officer, in an operator's words."""

NamedBy = Annotated[routing.NamedBy, one_of("a way to name an officer", NAMED_BY)]

FIRST, REST_AFTER = 2, 45
"""Of a staggered rule that does not say how many officers are rung at once, and after how many seconds the others are."""

_many = BeforeValidator(many)


class Bounds(Entry):
    """From a number on, and below one; whoever writes it says at least one of them."""

    at_least: int | None = None
    below: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _named(cls, written: Any) -> Any:
        if isinstance(written, str | list):
            meant = f"{{at_least: {written}}}" if isinstance(written, str) and written.isdigit() else None
            raise say("A bound needs its name: at_least for the number and more, below for less.", ("at_least", "below"), meant)
        return written

    @model_validator(mode="after")
    def _some(self) -> "Bounds":
        if self.at_least is None and self.below is None:
            raise say("Write at_least, below, or both.", ("at_least", "below"))
        if self.at_least is not None and self.below is not None and self.at_least >= self.below:
            raise say(f"Nothing is at least {self.at_least:,} and below {self.below:,}. Write the smaller number behind at_least.")
        return self


class Amounts(Bounds):
    at_least: Amount | None = None
    below: Amount | None = None


class CreditScores(Bounds):
    at_least: CreditScore | None = None
    below: CreditScore | None = None


class Scores(Bounds):
    at_least: Points | None = None
    below: Points | None = None


class Wish(Entry):
    """What the wish of a lead must fit, all of it. One value or a list; a lead that does not tell fits none."""

    source: Annotated[tuple[Annotated[Text, source_key()], ...], _many] = ()
    state: Annotated[tuple[State, ...], _many] = ()
    county: Annotated[tuple[Text, ...], _many] = ()
    zip: Annotated[tuple[Zip, ...], _many] = ()
    purpose: Purposes = ()
    loan_type: Annotated[tuple[Text, ...], _many] = ()
    property_use: Annotated[tuple[PropertyUse, ...], _many] = ()
    property_type: Annotated[tuple[PropertyType, ...], _many] = ()
    language: Languages = ()
    intent: Annotated[tuple[Intent, ...], _many] = ()
    amount: Amounts | None = None
    credit: CreditScores | None = None
    first_time_buyer: Flag | None = None
    military: Flag | None = None
    has_agent: Flag | None = None
    found_home: Flag | None = None
    under_contract: Flag | None = None
    past_client: Flag | None = None
    referral: Flag | None = None

    def _read(self, unless: routing.When | None = None) -> routing.When:
        def said(names: tuple[str, ...]) -> Mapping[str, Any]:
            return {name: value for name in names if (value := getattr(self, name, None)) not in (None, ())}

        return routing.When(
            words={name: frozenset(word.casefold() for word in words) for name, words in said(routing.WORDS).items()},
            flags=said(routing.FLAGS),
            amounts={name: routing.Between(bounds.at_least, bounds.below) for name, bounds in said(routing.AMOUNTS).items()},
            zips=self.zip,
            hours=getattr(self, "hours", ()),
            unless=unless,
        )


class Conditions(Wish):
    """The same, with what is made of the wish, and when it comes."""

    segment: Annotated[tuple[Annotated[Text, segment_key()], ...], _many] = ()
    grade: Annotated[tuple[Grade, ...], _many] = ()
    score: Scores | None = None
    hours: SpansOfDay = ()


class When(Conditions):
    """`unless` keeps out what fits any of its conditions."""

    unless: Conditions | None = None

    @property
    def conditions(self) -> routing.When:
        """What the rules judge by."""
        return self._read(self.unless._read() if self.unless else None)


class RoutedConditions(Conditions):
    """The same, with the partner whom the request names; what comes after the arrival does not look at requests."""

    partner: Annotated[tuple[Annotated[Text, partner_key()], ...], _many] = ()


class RoutedWhen(RoutedConditions):
    """`unless` keeps out what fits any of its conditions."""

    unless: RoutedConditions | None = None

    @property
    def conditions(self) -> routing.When:
        """What the rules judge by."""
        return self._read(self.unless._read() if self.unless else None)


def when_in_words(when: Entry) -> str:
    """Conditions as an operator reads them: "state TX or OK; amount from 200,000; unless grade D"."""
    said = {name: value for name in type(when).model_fields if (value := getattr(when, name)) not in (None, ())}
    unless = said.pop("unless", None)
    parts = [_in_words(name, value) for name, value in said.items()]
    if unless is not None:
        parts.append(f"unless {when_in_words(unless).replace('; ', ' or ')}")
    return "; ".join(parts)


def _in_words(name: str, value: Any) -> str:
    said = name.replace("_", " ")
    match value:
        case bool():
            return said if value else f"not {said}"
        case Bounds():
            least = "" if value.at_least is None else f"from {value.at_least:,}"
            most = "" if value.below is None else f"below {value.below:,}"
            return " ".join(part for part in (said, least, most) if part)
        case _ if name == "hours":
            return spans_in_words(value)
    return f"{said} {' or '.join(each.replace('_', ' ') for each in value)}"


class Taker(Entry):
    """An officer, and in turn with others how many leads they get of a round."""

    key: Annotated[Text, officer_key("officer", "team_lead", "manager")] = Field(description="the key of an officer above")
    weight: Weight = 1

    @model_validator(mode="before")
    @classmethod
    def _key_alone(cls, written: Any) -> Any:
        return {"key": written} if isinstance(written, str) else written


def _each_once(takers: tuple[Taker, ...]) -> tuple[Taker, ...]:
    keys = [taker.key for taker in takers]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise say(f"{', '.join(twice)} stands here twice. Give one entry a weight instead.")
    return takers


def _by_team(written: Any) -> Any:
    if written is not None and not isinstance(written, dict):
        raise say("Write each team with its percent, such as {austin: 60, south: 40}.")
    return written


def _whole_shares(shares: dict[str, int] | None) -> dict[str, int] | None:
    if shares is None:
        return None
    if len(shares) < 2:
        raise say("One team alone shares with nobody. Write team instead of percent, or another team beside it.")
    if (total := sum(shares.values())) != 100:
        raise say(f"These shares make {total} percent together. They must make 100.")
    return shares


class RoutingRule(Entry):
    """A rule: the first of the list that fits a lead decides. Without `team` it is the source's, unless teams share its leads by `percent`;
    without `officers` all of the team."""

    name: Text = Field(description='what the rule is called where people ask why, such as "Veterans in turn"')
    when: RoutedWhen = RoutedWhen()
    team: Annotated[Text, team_key()] | None = None
    percent: Annotated[dict[Annotated[Text, team_key()], Share] | None, BeforeValidator(_by_team), AfterValidator(_whole_shares)] = None
    to: Annotated[tuple[NamedBy, ...], _many, AfterValidator(without_repeats)] = ()
    officers: Annotated[tuple[Taker, ...], _many, AfterValidator(_each_once)] = ()
    mode: Annotated[routing.Mode, one_of("a mode", {mode: mode.replace("_", " ") for mode in MODES})] = "claim"
    first: Ringing | None = None
    rest_after: Seconds | None = None

    @model_validator(mode="after")
    def _whom(self) -> "RoutingRule":
        if self.mode == "direct" and not self.officers and not self.to:
            raise say(
                "A rule that gives leads to somebody needs officers, of whom the first who may take it gets it, or to, for those whom a "
                "lead itself names."
            )
        if self.to and (self.mode != "direct" or self.percent):
            raise say("to gives a lead to the officer whom it names. Write mode: direct with it, and no percent.")
        if self.mode == "blind_pull" and self.officers:
            raise say("Leads that /lead next hands out are for whoever asks. Leave officers out, or choose another mode.")
        if self.percent and self.team:
            raise say("Either one team gets the leads of a rule, or several share them. Leave team or percent out.")
        if self.mode != "staggered" and (self.first is not None or self.rest_after is not None):
            raise say("first and rest_after say how a staggered rule rings. Write mode: staggered, or leave them out.")
        return self

    @property
    def staggers(self) -> tuple[int, int]:
        """How many officers are rung at once, and after how many seconds the others; none and 0 where no ring is staggered."""
        return (self.first or FIRST, self.rest_after or REST_AFTER) if self.mode == "staggered" else (0, 0)

    @property
    def takes_all(self) -> bool:
        """Whether it leaves no lead to a rule below it."""
        return not self.to and self.when == RoutedWhen()

    @property
    def teams(self) -> tuple[str, ...]:
        """The keys of the teams that its leads go to; none where it is their source's."""
        return tuple(self.percent or ()) or ((self.team,) if self.team else ())

    @property
    def rule(self) -> routing.Rule:
        """What a lead is judged by."""
        takers = {taker.key: taker.weight for taker in self.officers}
        return routing.Rule(self.name, self.when.conditions, self.team, takers, self.mode, *self.staggers, self.percent or {}, self.to)
