"""What we bid for leads that a source asks about before it sends them."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from bot.config.entry import Entry
from bot.config.values import DailyCap, Dollars, Purposes, State, at_least_one, many, without_repeats
from bot.rules.pinging import Bid, Terms


class BidEntry(Entry):
    """Dollars for leads of these states and purposes; without them, of all in which the company is licensed."""

    bid: Dollars = Field(description="whole dollars for a lead, such as 45")
    states: Annotated[tuple[State, ...], BeforeValidator(many), AfterValidator(without_repeats)] = ()
    purposes: Purposes = ()


class PingEntry(Entry):
    """The first bid that fits is made, until so many leads are bought, or so many dollars spent, in a day of the team."""

    bids: Annotated[tuple[BidEntry, ...], AfterValidator(at_least_one)] = Field(description="what is bid, such as - bid: 45")
    most_per_day: DailyCap | None = None
    budget_per_day: Dollars | None = None

    @property
    def terms(self) -> Terms:
        bids = tuple(Bid(each.bid, frozenset(each.states), frozenset(each.purposes)) for each in self.bids)
        return Terms(bids, self.most_per_day, self.budget_per_day)
