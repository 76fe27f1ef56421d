"""A posting whose drawing breaks us is tried more and more rarely, then given up: what is behind it is shown."""

from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from sqlmodel import Session

from bot import showing
from bot.chat import Shown
from bot.errors import StoreUnavailable
from bot.showing import MOST_BREAKS, show_next
from bot.store.postings import Lease, Posting, redraw, take_due
from bot.store.views import Drawing, drawing
from bot.updates import Notice, Update
from tests.doubles.branch import Branch

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class Breaks:
    """A platform whose drawing of cards breaks, until it is mended."""

    def __init__(self) -> None:
        self.mended = False

    async def find(self, wanted: Drawing) -> str | None:  # noqa: ARG002
        return None

    async def show_lead(self, wanted: Drawing) -> Shown:
        if not self.mended:
            raise KeyError(wanted.lead.number)
        return Shown("1.0", "a digest")

    async def tell(self, wanted: Drawing, update: Update) -> Shown:
        raise AssertionError(f"{wanted} has no line {update}")

    async def notify(self, wanted: Drawing, notice: Notice) -> Shown:
        raise AssertionError(f"{wanted} has no {notice}")

    async def remove(self, wanted: Drawing, message_id: str) -> None:
        raise AssertionError(f"{wanted} has no copy {message_id}")

    async def listening(self) -> bool:
        return True


@pytest.fixture
def platform(branch: Branch) -> Breaks:
    branch.services.platforms = {"slack": (breaks := Breaks())}
    return breaks


def take_one(branch: Branch) -> Lease:
    """It is due again; who takes it holds it."""
    (card,) = branch.all(Posting)
    branch.set(Posting, card.id, due_at=LONG_AGO)
    (lease,) = branch.store.transact_now(take_due)
    return lease


async def breaks_once(branch: Branch, kind: type[Exception]) -> Posting:
    """One try; the card after it."""
    branch.services.leased.put_nowait(take_one(branch))
    with pytest.raises(kind):
        await show_next(branch.services)
    (card,) = branch.all(Posting)
    return card


def broken(_: Session, posting_id: int) -> Drawing:
    raise LookupError(posting_id)


@pytest.mark.parametrize("kind", [KeyError, LookupError])
async def test_a_drawing_that_breaks_is_put_off_then_given_up_with_its_kind(
    branch: Branch, platform: Breaks, kind: type[Exception]
) -> None:
    lead = branch.new_lead(at_once=False)
    with patch.object(showing, "drawing", broken if kind is LookupError else drawing):
        for _ in range(MOST_BREAKS - 1):
            card = await breaks_once(branch, kind)
            assert card.due_at is not None and card.due_at > LONG_AGO
            assert (card.lease_until, card.gave_up_because) == (None, None)
        card = await breaks_once(branch, kind)
    assert (card.due_at, card.lease_until, card.gave_up_because) == (None, None, kind.__name__)

    platform.mended = True
    branch.store.transact_now(redraw, lead, at_once=False)
    branch.services.leased.put_nowait(take_one(branch))
    await show_next(branch.services)
    assert branch.card(lead).message_id == "1.0"


async def test_what_was_shown_in_between_is_counted_anew(branch: Branch, platform: Breaks) -> None:
    lead = branch.new_lead(at_once=False)
    for _ in range(MOST_BREAKS - 1):
        await breaks_once(branch, KeyError)
    platform.mended = True
    branch.services.leased.put_nowait(take_one(branch))
    await show_next(branch.services)
    platform.mended = False
    branch.store.transact_now(redraw, lead, at_once=False)

    card = await breaks_once(branch, KeyError)

    assert card.gave_up_because is None and card.due_at is not None


async def test_a_store_that_is_away_is_no_fault_of_a_posting(branch: Branch, platform: Breaks) -> None:
    def away(_: Session, posting_id: int) -> Drawing:  # noqa: ARG001
        raise StoreUnavailable

    lead = branch.new_lead(at_once=False)
    with patch.object(showing, "drawing", away):
        for _ in range(MOST_BREAKS):
            await breaks_once(branch, StoreUnavailable)
            branch.let_lease_run_out(branch.card(lead).id or 0)
    platform.mended = True
    branch.services.leased.put_nowait(take_one(branch))
    await show_next(branch.services)
    assert branch.card(lead).message_id == "1.0"
