"""Leads on older versions go on with the live one: counted, confirmed by the number, each with the step it stood at, and nothing twice."""

from functools import partial
from typing import Any, get_args

import pytest

from bot.config.drips import Ends
from bot.nurture.drips import Meant
from bot.nurture.moving import MayNotMove, Moved, MoveOutcome, ToMove, confirm_move, move, move_some
from bot.rules.roles import Role, may
from bot.store.drips import REPLIED, end_drips
from bot.store.events import COMPANY, Event, broken_links
from bot.store.people import Officer
from tests.doubles.branch import Branch
from tests.doubles.drips import NEW_LEAD, DripTexts
from tests.doubles.parallel import in_parallel

NAMES = {"en": "New lead", "es": "Consulta nueva"}
NUMBERS = [f"(512) 555-01{place:02}" for place in range(40, 90)]


class Movers(DripTexts):
    def many_running(self, many: int) -> list[int]:
        return [self.running(phone=NUMBERS[place], email=f"d{place}@example.com", last_name=f"R{place}") for place in range(many)]

    def shortens(self, steps: int = 3) -> None:
        """A shorter version is live from now on."""
        self.keeps(NEW_LEAD.model_copy(update={"steps": NEW_LEAD.steps[:steps]}))

    def confirms(self, number: object = "", who: str = "sam", delivery: str | None = None) -> MoveOutcome:
        return self.store.transact_now(confirm_move, self.branch.press(who, COMPANY, delivery), "new_lead", str(number))

    def goes_on(self) -> int:
        return self.store.transact_now(move_some, "new_lead", self.branch.clock.now(), "salt")

    def all_moved(self) -> None:
        while self.goes_on():
            pass


@pytest.fixture
def movers(branch: Branch) -> Movers:
    return Movers(branch)


async def test_a_count_moves_nothing_and_the_right_number_moves_all(movers: Movers) -> None:
    leads = movers.many_running(3)
    movers.shortens()

    assert movers.confirms() == ToMove(NAMES, 2, 3)
    assert movers.confirms(4) == ToMove(NAMES, 2, 3, "4")
    assert {movers.drip(lead).version for lead in leads} == {1}

    told = await move(movers.branch.services, movers.branch.press("sam", COMPANY), "new lead 3")

    assert told == Moved("new_lead", NAMES, 2, 3)
    assert {movers.drip(lead).version for lead in leads} == {2}
    assert movers.confirms() == ToMove(NAMES, 2, 0)
    [moved] = [event for event in movers.branch.all(Event) if event.kind == "drips_moved"]
    assert (moved.meta["many"], moved.meta["version"], moved.actor) == (3, 2, "officer:sam")
    assert [movers.events(lead, "drip_moved")[0]["from"] for lead in leads] == [1, 1, 1]
    assert movers.store.transact_now(lambda session: list(broken_links(session))) == []


async def test_words_that_mean_no_sequence_are_asked_back(movers: Movers) -> None:
    for words in ("", "new laed", "new laed 3", "3"):
        assert isinstance(await move(movers.branch.services, movers.branch.press("sam", COMPANY), words), Meant)


def test_each_goes_on_with_the_step_it_stood_at_and_at_its_time(movers: Movers) -> None:
    first = movers.first_left()
    before = movers.drip(first)
    movers.shortens()
    movers.confirms(1)
    movers.all_moved()

    after = movers.drip(first)
    assert (after.version, after.step, after.at, after.touches) == (2, before.step, before.at, before.touches)


def test_a_step_whose_time_changed_is_waited_for_from_now(movers: Movers) -> None:
    lead = movers.first_left()
    later = NEW_LEAD.steps[1].model_copy(update={"after": "9 days"})
    movers.keeps(NEW_LEAD.model_copy(update={"steps": (NEW_LEAD.steps[0], later)}))
    movers.confirms(1)
    movers.all_moved()

    due = movers.drip(lead).at
    assert movers.drip(lead).step == 1
    assert due is not None and (due - movers.branch.clock.now()).days in (8, 9)


def test_who_wrote_is_left_in_peace_as_long_as_before(movers: Movers) -> None:
    lead = movers.first_left()
    movers.keeps(NEW_LEAD.model_copy(update={"ends": Ends(reply="30 days")}))
    movers.confirms(1)
    movers.all_moved()
    movers.store.transact_now(end_drips, lead, REPLIED, movers.branch.clock.now())
    until = movers.drip(lead).at
    sooner = NEW_LEAD.steps[1].model_copy(update={"after": "1 day"})
    movers.keeps(NEW_LEAD.model_copy(update={"steps": (NEW_LEAD.steps[0], sooner)}))
    movers.confirms(1)
    movers.all_moved()

    moved = movers.drip(lead)
    assert (moved.version, moved.at, moved.state["paused"]) == (3, until, REPLIED)
    assert until is not None and (until - movers.branch.clock.now()).days >= 29


def test_what_waits_to_leave_is_taken_back_and_written_by_the_live_version(movers: Movers) -> None:
    lead = movers.running()
    movers.passes(minutes=10)
    movers.due_text(lead)
    movers.shortens()
    movers.confirms(1)
    movers.all_moved()
    movers.touch_all()

    assert [text.status for text in movers.touches(lead)] == ["refused", "queued"]
    assert (movers.drip(lead).step, movers.drip(lead).touches) == (1, 1)


def test_who_is_beyond_the_last_step_of_the_live_version_is_over_soon(movers: Movers) -> None:
    lead = movers.first_left()
    movers.shortens(1)
    movers.confirms(1)
    movers.all_moved()
    movers.passes(minutes=2)

    assert movers.why_ended(lead) == "finished"


def test_what_ended_stays_as_it_was(movers: Movers) -> None:
    lead = movers.running()
    movers.stops(lead)
    movers.shortens()

    assert movers.confirms() == ToMove(NAMES, 2, 0)
    assert movers.drip(lead).version == 1


def test_many_who_move_at_once_move_each_lead_once(movers: Movers) -> None:
    leads = movers.many_running(30)
    movers.shortens()
    assert movers.confirms(30, delivery="once") == movers.confirms(30, delivery="once")

    doing: list[Any] = [partial(movers.goes_on) for _ in range(6)]
    in_parallel(doing)
    movers.all_moved()

    assert all(len(movers.events(lead, "drip_moved")) == 1 for lead in leads)


@pytest.mark.parametrize("role", get_args(Role))
def test_exactly_the_roles_that_may_approve_may_move(movers: Movers, role: Role) -> None:
    movers.branch.set(Officer, movers.branch.officer_id("tess"), role=role)

    assert isinstance(movers.confirms(who="tess"), MayNotMove) is not may(role, "approve_drips")


def test_who_left_moves_nothing(movers: Movers) -> None:
    movers.branch.set(Officer, movers.branch.officer_id("sam"), active=False)

    assert isinstance(movers.confirms(who="sam"), MayNotMove)
