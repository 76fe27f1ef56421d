"""Who runs Leadbell is told of a vendor's test once in a minute, however many come."""

from datetime import timedelta

from bot.capture.source_tests import show_test
from bot.sources.generic import parse
from bot.sources.vendors_test import VendorsTest
from tests.doubles.branch import Branch


async def test_of_many_in_a_minute_one_is_told(branch: Branch) -> None:
    source = branch.services.in_force.sources["zillow"]
    test = VendorsTest(parse({"phone": "(512) 555-0142"}))

    async def told() -> int:
        await show_test(branch.services, source, test)
        return len({posting.event_seq for posting in branch.postings("notice") if posting.topic == "source_test"})

    assert [await told(), await told()] == [1, 1]
    branch.clock.at += timedelta(minutes=1)
    assert await told() == 2
