"""A channel that is found in Slack at the very moment in which a card is drawn for it."""

from bot.chat import PlaceBroken, Shown
from bot.showing import show
from bot.store.places import set_addresses
from bot.store.postings import Place, Posting, take_due
from bot.store.views import Drawing
from bot.updates import Notice, Update
from tests.doubles.branch import Branch


class Search:
    """A platform that finds #leads, when it does, just before it is to show something there."""

    def __init__(self, branch: Branch, *, finds: bool) -> None:
        self._branch = branch
        self._finds = finds

    async def find(self, drawing: Drawing) -> str | None:
        raise AssertionError(f"{drawing} was never posted")

    async def show_lead(self, drawing: Drawing) -> Shown:
        if drawing.spot.address is not None:
            return Shown("1.0", "a digest")
        if self._finds:
            self._branch.store.transact_now(set_addresses, {drawing.spot.place_id: "C0LEADS"})
        raise PlaceBroken("no channel of that name was found in Slack")

    async def tell(self, drawing: Drawing, update: Update) -> Shown:
        raise AssertionError(f"{drawing} has no line {update}")

    async def notify(self, drawing: Drawing, notice: Notice) -> Shown:
        raise AssertionError(f"{drawing} has no {notice}")

    async def remove(self, drawing: Drawing, message_id: str) -> None:
        raise AssertionError(f"{drawing} has no copy {message_id}")

    async def listening(self) -> bool:
        return True


async def shown_once_each_time_it_is_due(branch: Branch, *, finds: bool) -> tuple[Place, str | None]:
    """The channel, and the card's message, after two turns."""
    branch.services.platforms = {"slack": Search(branch, finds=finds)}
    branch.new_lead(at_once=False)
    for _ in range(2):
        for lease in branch.store.transact_now(take_due):
            await show(branch.services, lease)
    (card,) = branch.all(Posting)
    return branch.place("#leads"), card.message_id


async def test_a_card_drawn_while_its_channel_is_found_is_shown_at_once(branch: Branch) -> None:
    place, message_id = await shown_once_each_time_it_is_due(branch, finds=True)
    assert message_id == "1.0"
    assert place.broken_because is None


async def test_a_channel_that_is_not_found_is_told_and_waits(branch: Branch) -> None:
    place, message_id = await shown_once_each_time_it_is_due(branch, finds=False)
    assert message_id is None
    assert place.broken_because == "no channel of that name was found in Slack"
