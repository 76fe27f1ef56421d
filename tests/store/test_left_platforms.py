"""A platform that is away, or that the company left: what waits for the one is shown when it comes, and nothing is owed to the other."""

from bot.chat import PlaceBroken, Shown
from bot.showing import show
from bot.store.postings import Place, Posting, give_up_left, redraw, seconds_until_due, something_is_due, take_due
from bot.store.views import Drawing
from tests.doubles.branch import Branch
from tests.store.test_place_found_meanwhile import Search


def with_discord(branch: Branch) -> Place:
    """The team's leads are shown in Discord too."""
    place = Place(platform="discord", kind="channel", named="4711", address="4711", team_id=branch.place().team_id)
    branch.store.transact_now(lambda session: session.add(place))
    return branch.place("4711")


def card_in(branch: Branch, place: Place) -> Posting:
    (card,) = [card for card in branch.postings("card") if card.place_id == place.id]
    return card


def test_only_what_belongs_to_a_platform_that_is_there_is_taken(branch: Branch) -> None:
    discord = with_discord(branch)
    branch.new_lead(at_once=False)

    assert branch.store.transact_now(take_due, []) == []
    assert not branch.store.transact_now(something_is_due, [])
    (lease,) = branch.store.transact_now(take_due, ["slack"])

    assert lease.posting_id == card_in(branch, branch.place()).id
    assert branch.store.transact_now(take_due, ["slack"]) == []
    assert not branch.store.transact_now(something_is_due, ["slack"])
    assert branch.store.transact_now(seconds_until_due, ["slack"]) is None
    assert branch.store.transact_now(something_is_due, ["slack", "discord"])
    (later,) = branch.store.transact_now(take_due, ["slack", "discord"])
    assert later.posting_id == card_in(branch, discord).id


def test_a_company_that_left_a_platform_owes_nothing_there_until_it_comes_back(branch: Branch) -> None:
    discord = with_discord(branch)
    lead = branch.new_lead(at_once=False)
    branch.store.transact_now(give_up_left)
    assert card_in(branch, discord).due_at is not None
    branch.set(Place, discord.id, active=False)

    branch.store.transact_now(give_up_left)

    left = card_in(branch, discord)
    assert (left.due_at, left.gave_up_because) == (None, "the config names no place on its platform")
    assert card_in(branch, branch.place()).due_at is not None
    branch.set(Place, discord.id, active=True)
    branch.store.transact_now(redraw, lead, at_once=False)
    assert card_in(branch, discord).due_at is not None


class Closed(Search):
    async def show_lead(self, drawing: Drawing) -> Shown:
        raise PlaceBroken(f"{drawing.spot.named} is archived")


async def test_a_channel_that_the_config_names_no_more_and_that_is_closed_is_tried_once(branch: Branch) -> None:
    branch.services.platforms = {"slack": Closed(branch, finds=False)}
    branch.new_lead(at_once=False)
    branch.set(Place, branch.place().id, active=False)

    (lease,) = branch.store.transact_now(take_due)
    await show(branch.services, lease)

    assert card_in(branch, branch.place()).gave_up_because == "#leads is archived"
    assert branch.store.transact_now(take_due) == []
    assert branch.place().broken_because is None
