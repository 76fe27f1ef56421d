"""Whose lead it is where teams share what a rule takes by percentages: after any number of leads, each is within one lead of its share."""

from collections.abc import Mapping
from fractions import Fraction


def whose_share(percents: Mapping[str, int], had: Mapping[str, int]) -> str:
    """The team that gets the next lead. `percents` are of two teams or more and make 100; `had` are the leads each got so far, by this.

    Of the teams that would fall behind without it, the one whose lead is due first (Tijdeman's solution of the chairman assignment
    problem). To give it to whoever is furthest behind is not enough: with many small shares some then drift more than one lead away.
    """
    step = 2 * len(percents) - 2  # a team is behind at 1/step of a lead, and late one lead after that
    following = sum(had.values()) + 1
    due = {}
    for team, percent in percents.items():
        behind = step * (percent * following - 100 * had.get(team, 0))
        if behind >= 100:
            due[team] = (Fraction(100 * (step - 1) - behind, percent), team)
    return min(due, key=due.__getitem__)
