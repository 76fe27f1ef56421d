"""Which of our numbers a borrower hears from: the one by which they know us, else the nearest that their team has."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.rules.zones import state_of_phone

AREA = len("+1512")


@dataclass(frozen=True, slots=True)
class OurNumbers:
    """All in E.164: those of each team, by the id of its row, and those that all teams have together. A shared one is never chosen by
    name: it is what the network takes where none is named, and may be one of many there."""

    of_teams: Mapping[int, tuple[str, ...]]
    shared: frozenset[str]

    def chosen(self, known: Iterable[str | None], team_id: int, theirs: str) -> str | None:
        """The number from which somebody at `theirs` hears about a lead of this team, None for the shared one. `known` are those by which
        they know us, the first first, None where that was a shared one; a number that no config names any more is passed over."""
        named = {number for numbers in self.of_teams.values() for number in numbers}
        for number in known:
            if number is None or number in self.shared:
                return None
            if number in named:
                return number
        return nearest(self.of_teams.get(team_id, ()), theirs)


def nearest(numbers: Sequence[str], theirs: str) -> str | None:
    """The first of these with the same area code, else in the same state, else the first; None where there are none."""
    state = state_of_phone(theirs)
    return min(
        numbers,
        key=lambda ours: (ours[:AREA] != theirs[:AREA], state is None or state_of_phone(ours) != state),
        default=None,
    )
