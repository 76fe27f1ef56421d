"""Whose turn it is when leads are given out in turn, by weight, however people come and go."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Taken:
    """How far an officer is: `at` grows by 1/weight with each lead, `before` is where it stood before the last one.

    `level` is where who was furthest behind stood at the officer's last turn: leads that somebody assigned never raise it, or else what
    is assigned to who is ahead already would be forgiven.
    """

    at: float
    before: float
    level: float


def whose_turn(taken: Mapping[int, Taken], weights: Mapping[int, int]) -> int:
    """The officer among the keys of `weights` who is furthest behind; of equals the one who was given a lead longest ago, or never.

    ValueError when there is nobody. Who joins, or was away, is as far as those present and catches nothing up.
    """
    if not weights:
        raise ValueError("Nobody is there to take a turn.")
    there = {officer: taken[officer] for officer in weights if officer in taken}
    return min(weights, key=lambda officer: (_stands_at(there, officer), there[officer].before if officer in there else -1.0, officer))


def after_turn(taken: Mapping[int, Taken], officer: int, weights: Mapping[int, int]) -> Taken:
    """Where the officer, one of the keys of `weights`, is after one more lead."""
    there = {each: taken[each] for each in weights if each in taken}
    now = _stands_at(there, officer)
    return Taken(now + 1 / weights[officer], now, min(_stands_at(there, each) for each in weights))


def after_decision(taken: Mapping[int, Taken], officer: int) -> Taken:
    """Where the officer is after a lead that somebody assigned to them.

    It counts as their last turn did, by its weight; as the least of anybody's for who had none; and nothing before there were turns.
    """
    steps = {each: where.at - where.before for each, where in taken.items() if where.at > where.before}
    now = _stands_at(taken, officer)
    level = taken[officer].level if officer in taken else 0.0
    return Taken(now + steps.get(officer, min(steps.values(), default=0.0)), now, level)


def _stands_at(taken: Mapping[int, Taken], officer: int) -> float:
    reached = max((each.level for each in taken.values()), default=0.0)
    return max(taken[officer].at, reached) if officer in taken else reached
