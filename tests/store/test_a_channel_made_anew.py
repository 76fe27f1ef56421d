"""A channel was archived and another one made under its name: leads go on there."""

from sqlalchemy import update
from sqlmodel import col, select

from bot.store.database import Store
from bot.store.places import broken_places, set_addresses, unfound
from bot.store.postings import AUDIT_CHANNEL, Place, limit_place


def _archived(company: Store) -> int:
    """The place of #leads, found once and broken since; its id."""
    place_id = company.transact_now(lambda session: session.exec(select(Place.id).where(Place.named == "#leads")).one())
    assert place_id is not None
    company.transact_now(set_addresses, {place_id: "C0OLD"})
    company.transact_now(limit_place, place_id, 60.0, broken_because="is_archived")
    return place_id


def test_a_channel_that_broke_is_looked_up_again_and_works_at_its_new_place(company: Store) -> None:
    place_id = _archived(company)
    assert place_id in [place.id for place in company.transact_now(unfound, "slack")]

    company.transact_now(set_addresses, {place_id: "C0NEW"})

    assert company.transact_now(broken_places) == []
    assert company.transact_now(lambda session: session.get_one(Place, place_id).address) == "C0NEW"
    assert place_id not in [place.id for place in company.transact_now(unfound, "slack")]


def test_a_channel_that_is_where_it_was_stays_broken_until_something_is_shown_there(company: Store) -> None:
    place_id = _archived(company)

    company.transact_now(set_addresses, {place_id: "C0OLD"})

    assert company.transact_now(broken_places) == [("#leads", "is_archived")]


def test_the_channel_of_the_seals_is_looked_up_again_too(company: Store) -> None:
    place_id = _archived(company)
    company.transact_now(lambda session: session.exec(update(Place).where(col(Place.id) == place_id).values(kind=AUDIT_CHANNEL)))

    assert place_id in [place.id for place in company.transact_now(unfound, "slack")]
