"""Texts are read back one by one: one that breaks us holds up no other, and the network is asked again in peace."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest

from bot.conversation import catching_up
from bot.conversation.catching_up import MOST_TRIES, catch_up, catch_up_and_wait
from bot.conversation.relay import Sms, sms_received
from bot.errors import StoreUnavailable
from bot.outreach.network import Heard
from bot.services import Services
from bot.store.installation import texts_read_until
from bot.store.outbound import Message
from tests.doubles.branch import Branch
from tests.doubles.phone import Phone
from tests.doubles.waiting import PATIENCE


class Inbound(Phone):
    """Two texts wait there."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.asked = asyncio.Event()
        self.breaks = False

    async def received_since(self, since: datetime, numbers: Iterable[str]) -> list[Heard] | None:  # noqa: ARG002
        self.asked.set()
        if self.breaks:
            raise RuntimeError
        at = self._services.clock.now() - timedelta(minutes=1)
        return [Heard(known_as, "+15125550100", self.sender, "Hello?", 0, at) for known_as in ("SM-bad", "SM-good")]


@pytest.fixture
def network(branch: Branch) -> Inbound:
    branch.services.network = network = Inbound(branch.services)
    return network


def kept(branch: Branch) -> list[str | None]:
    return [text.provider_id for text in branch.all(Message)]


async def test_a_text_that_cannot_be_kept_is_tried_so_often_and_the_one_behind_it_is_kept_at_once(branch: Branch, network: Inbound) -> None:
    tries: list[str] = []

    async def received(services: Services, sms: Sms) -> None:
        tries.append(sms.provider_id)
        if sms.provider_id == "SM-bad":
            raise ValueError
        await sms_received(services, sms)

    with patch.object(catching_up, "sms_received", received):
        looks = [await catch_up(branch.services) for _ in range(MOST_TRIES + 1)]

    assert looks == [False] * (MOST_TRIES - 1) + [True, True]
    assert tries == ["SM-bad", "SM-good", *["SM-bad"] * (MOST_TRIES - 1)]
    assert kept(branch) == ["SM-good"]
    assert branch.store.transact_now(texts_read_until) == branch.clock.now()
    assert network.asked.is_set()


async def test_a_store_that_is_away_is_no_fault_of_a_text(branch: Branch, network: Inbound) -> None:
    async def away(services: Services, sms: Sms) -> None:  # noqa: ARG001
        raise StoreUnavailable

    with patch.object(catching_up, "sms_received", away):
        for _ in range(MOST_TRIES + 1):
            with pytest.raises(StoreUnavailable):
                await catch_up(branch.services)

    assert await catch_up(branch.services)
    assert sorted(map(str, kept(branch))) == ["SM-bad", "SM-good"]
    assert network.asked.is_set()


async def test_after_a_failure_the_network_is_asked_again_only_when_there_is_reason_or_time(branch: Branch, network: Inbound) -> None:
    network.breaks = True
    catching = asyncio.create_task(catch_up_and_wait(branch.services))
    async with asyncio.timeout(PATIENCE):
        await network.asked.wait()
    branch.services.missed.set()
    await catching  # which waited, and raises nothing
