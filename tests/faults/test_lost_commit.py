"""The connection to PostgreSQL ends at COMMIT: whether it came to pass or not, the answer is the right one and nothing happens twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot.capture.intake import Received
from bot.config import Config
from bot.configuring import apply_config
from bot.distribution.claiming import Claimed, GaveBack
from bot.errors import StoreUnavailable
from bot.store.database import TRIES, Store
from bot.store.events import Event, broken_links
from bot.store.installation import prepare
from bot.store.leads import Arrival, Lead
from bot.store.people import newest_version
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.doubles.counts import leads_per_stage
from tests.doubles.cutting_proxy import Cut, CuttingProxy, cutting_proxy
from tests.doubles.databases import fresh_postgresql
from tests.doubles.waiting import PATIENCE


@pytest.fixture
def proxy() -> Iterator[CuttingProxy]:
    with cutting_proxy(fresh_postgresql()) as running:
        yield running


@pytest.fixture
def branch(proxy: CuttingProxy, example: Config) -> Iterator[Branch]:
    """The company on a PostgreSQL behind a wire that breaks on demand."""
    store = Store(proxy.url)
    store.transact_now(prepare, "00" * 32, NOON)
    store.transact_now(apply_config, example, by="test", at=NOON, salt="test")
    yield Branch(store, NOON)
    assert proxy.cuts == [], "the wire was never cut"
    store.close()


@pytest.mark.parametrize("cuts", [["after"], ["before"], ["after", "after", "before"]])
@pytest.mark.parametrize("external_id", ["a-1", None])
@pytest.mark.fault(4)
def test_an_arrival_is_kept_once_and_answered(branch: Branch, proxy: CuttingProxy, cuts: list[Cut], external_id: str | None) -> None:
    proxy.cuts[:] = cuts
    received = branch.arrive(external_id=external_id)
    assert isinstance(received, Received) and (received.lead, received.duplicate) == (branch.all(Lead)[0].id, False)
    assert (branch.count(Lead), branch.count(Arrival), len(branch.postings("card"))) == (1, 1, 1)
    assert branch.store.transact_now(leads_per_stage) == {"new": 1}


@pytest.mark.parametrize("cut", ["after", "before"])
def test_a_second_arrival_joins_once(branch: Branch, proxy: CuttingProxy, cut: Cut) -> None:
    lead = branch.new_lead()
    proxy.cuts[:] = [cut]
    assert branch.arrive(external_id="b-1") == Received(lead, True, ())
    assert [event.kind for event in branch.all(Event) if event.stream == lead] == ["arrived", "asked_again"]


@pytest.mark.parametrize("cut", ["after", "before"])
@pytest.mark.fault(10)
def test_a_claim_is_won_once_and_told(branch: Branch, proxy: CuttingProxy, cut: Cut) -> None:
    lead = branch.new_lead()
    proxy.cuts[:] = [cut]
    assert branch.claim("maya", lead) == Claimed(lead, 0.0)
    assert [event.kind for event in branch.all(Event) if event.stream == lead] == ["arrived", "claimed"]
    assert len(branch.postings("notice")) == 1
    assert branch.store.transact_now(lambda session: list(broken_links(session))) == []


@pytest.mark.parametrize("cut", ["after", "before"])
def test_a_give_back_is_done_once_and_told(branch: Branch, proxy: CuttingProxy, cut: Cut) -> None:
    lead = branch.new_lead()
    branch.claim("maya", lead)
    proxy.cuts[:] = [cut]
    assert branch.give_back("maya", lead) == GaveBack(lead)
    assert len(branch.postings("update")) == 1


def test_a_config_is_applied_once(branch: Branch, proxy: CuttingProxy, example: Config) -> None:
    proxy.cuts[:] = ["after"]
    tighter = example.model_copy(update={"default_team": "south"})
    assert branch.store.transact_now(apply_config, tighter, by="test", at=NOON, salt="test").version == 2
    assert branch.store.transact_now(newest_version) == 2


def test_when_no_commit_gets_through_the_store_is_away_and_nothing_was_kept(branch: Branch, proxy: CuttingProxy) -> None:
    proxy.cuts[:] = ["before"] * TRIES
    with pytest.raises(StoreUnavailable):
        branch.arrive()
    assert branch.count(Lead) == 0


@pytest.mark.fault(10)
def test_a_restart_of_the_server_between_two_changes_is_not_noticed(branch: Branch, proxy: CuttingProxy) -> None:
    first = branch.new_lead()
    proxy.cut_all()
    assert branch.new_lead(phone="(512) 555-0111") == first + 1


@pytest.mark.fault(10)
def test_while_the_server_is_away_the_store_says_so_and_afterwards_it_works_again(branch: Branch, proxy: CuttingProxy) -> None:
    proxy.away = True
    proxy.cut_all()
    with pytest.raises(StoreUnavailable):
        branch.arrive()
    proxy.away = False
    assert branch.new_lead()


@pytest.mark.fault(11)
def test_while_the_server_is_silent_work_waits_and_goes_on_once(branch: Branch, proxy: CuttingProxy) -> None:
    proxy.flows.clear()
    with ThreadPoolExecutor(1) as thread:
        arriving = thread.submit(branch.arrive, external_id="a-1")
        assert proxy.holds.wait(PATIENCE)
        assert not arriving.done()
        proxy.flows.set()
        first = arriving.result()

    assert isinstance(first, Received)
    assert branch.arrive(external_id="a-1") == replace(first, leases=())
    assert branch.count(Lead) == 1


async def test_a_question_too_is_asked_again_on_a_new_connection(branch: Branch, proxy: CuttingProxy) -> None:
    proxy.cut_all()
    assert await branch.store.read(newest_version) == 1
