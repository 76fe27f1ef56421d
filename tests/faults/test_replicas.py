"""Several Leadbells on one PostgreSQL: what one of them leaves undone another one does, and what it says too late does no harm."""

import asyncio
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from bot.scheduling.due_loop import TICK
from bot.store.database import Store
from bot.store.leads import Arrival, Lead
from bot.store.people import ConfigVersion
from bot.store.postings import Posting
from tests.doubles.databases import bare_postgresql, fresh_postgresql
from tests.doubles.processes import Bot, Point, Signal, running_bot, running_together
from tests.doubles.rows import lasts_for, let_leases_run_out, rows
from tests.doubles.slack_channel import SlackChannel, one_card_is_shown
from tests.doubles.waiting import MACHINE, stopwatch, until

SHOWN_WITHIN = 15.0
"""Seconds after which a card stands in the channel though the process that should have shown it died."""


@pytest.fixture
def store() -> Iterator[Store]:
    """What the replicas share."""
    opened = Store(fresh_postgresql())
    yield opened
    opened.close()


def two_replicas(store: Store, folder: Path, slack: SlackChannel, at: Point, signal: Signal) -> AbstractAsyncContextManager[list[Bot]]:
    """One that has a failpoint, and one that has none."""
    url = store.url.render_as_string(hide_password=False)
    weak = running_bot(url, folder, slack.sandbox, at=at, sends_itself=signal)
    return running_together(weak, running_bot(url, folder, slack.sandbox))


@pytest.mark.fault(41)
async def test_when_the_holder_of_a_fresh_cards_lease_is_killed_another_shows_it_within_fifteen_seconds(
    store: Store, tmp_path: Path, slack: SlackChannel
) -> None:
    async with two_replicas(store, tmp_path, slack, "before_post", "SIGKILL") as (holder, _):
        delivery = asyncio.create_task(holder.deliver(external_id="a-1"))
        await holder.died()
        assert await slack.cards() == []
        assert lasts_for(store, Posting.lease_until) <= SHOWN_WITHIN - 2 * TICK
        async with stopwatch() as watch:
            await until(lambda: one_card_is_shown(slack, store), "one card", slack.cards)
        assert watch.seconds < SHOWN_WITHIN + MACHINE
        await asyncio.gather(delivery, return_exceptions=True)
    assert len(rows(store, Arrival)) == 1


async def test_a_card_whose_poster_died_before_it_could_say_so_is_found_by_another_and_not_posted_twice(
    store: Store, tmp_path: Path, slack: SlackChannel
) -> None:
    async with two_replicas(store, tmp_path, slack, "after_post", "SIGKILL") as (holder, _):
        delivery = asyncio.create_task(holder.deliver(external_id="a-1"))
        await holder.died()
        let_leases_run_out(store)
        await until(lambda: one_card_is_shown(slack, store), "one card", slack.cards)
        await asyncio.gather(delivery, return_exceptions=True)
    assert len(await slack.calls("chat.postMessage")) == 1


@pytest.mark.fault(42)
async def test_one_stopped_past_its_lease_takes_back_the_copy_that_it_posts_when_it_goes_on(
    store: Store, tmp_path: Path, slack: SlackChannel
) -> None:
    async with two_replicas(store, tmp_path, slack, "before_post", "SIGSTOP") as (holder, _):
        delivery = asyncio.create_task(holder.deliver(external_id="a-1"))
        await holder.stopped()
        let_leases_run_out(store)
        await until(lambda: one_card_is_shown(slack, store), "one card", slack.cards)
        (card,) = await slack.cards()
        holder.goes_on()
        await until(lambda: called(slack, "chat.delete"), "a copy that was taken back", slack.cards)
        await until(lambda: one_card_is_shown(slack, store), "one card", slack.cards)
        assert [standing["ts"] for standing in await slack.cards()] == [card["ts"]]
        assert (await delivery)[0] == 200


@pytest.mark.fault(42)
async def test_one_that_slept_through_its_lease_posts_nothing_when_it_wakes(store: Store, tmp_path: Path, slack: SlackChannel) -> None:
    async with two_replicas(store, tmp_path, slack, "before_post", "SIGSTOP") as (holder, _):
        delivery = asyncio.create_task(holder.deliver(external_id="a-1"))
        await holder.stopped()
        await until(lambda: one_card_is_shown(slack, store), "a card by the other one, once the lease is over", slack.cards)
        holder.goes_on()

        async def gave_up() -> bool:
            return "posting not shown" in await holder.said()

        await until(gave_up, "an end of the try that was slept through", holder.said)
        assert (await delivery)[0] == 200
    assert len(await slack.calls("chat.postMessage")) == 1


async def test_one_stopped_after_it_posted_says_late_what_is_known_already_and_the_card_is_drawn_once_more(
    store: Store, tmp_path: Path, slack: SlackChannel
) -> None:
    async with two_replicas(store, tmp_path, slack, "after_post", "SIGSTOP") as (holder, _):
        delivery = asyncio.create_task(holder.deliver(external_id="a-1"))
        await holder.stopped()
        let_leases_run_out(store)
        await until(lambda: one_card_is_shown(slack, store), "one card", slack.cards)
        drawn = rows(store, Posting)[0].wanted_version
        holder.goes_on()
        await until(lambda: drawn_again(slack, store, drawn), "a card drawn again", slack.cards)
        assert (await delivery)[0] == 200
    assert len(await slack.calls("chat.postMessage")) == 1


async def test_a_second_request_that_comes_while_the_card_is_being_posted_is_drawn_afterwards_on_the_same_card(
    store: Store, tmp_path: Path, slack: SlackChannel
) -> None:
    async with two_replicas(store, tmp_path, slack, "after_post", "SIGSTOP") as (holder, other):
        delivery = asyncio.create_task(holder.deliver(external_id="a-1"))
        await holder.stopped()
        while (answer := await other.deliver(external_id="b-1", timeline="this month"))[0] == 503:
            pass  # the stopped one was in the middle of a step of this lead: the server takes its locks away after 15 s
        assert answer == (200, {"lead": 1001, "duplicate": True})
        (card,) = await slack.cards()
        holder.goes_on()

        async def drawn_again_with_its_line() -> bool:
            return all(posting.due_at is None for posting in rows(store, Posting)) and len(await slack.calls("chat.update")) > 0

        await until(drawn_again_with_its_line, "a card drawn again, with its line", slack.cards)
        assert [standing["ts"] for standing in await slack.cards()] == [card["ts"]]
        assert (await delivery)[0] == 200
    assert [posting.kind for posting in rows(store, Posting)] == ["card", "update"]
    assert len(await slack.calls("chat.postMessage")) == 2


async def called(slack: SlackChannel, method: str) -> bool:
    return bool(await slack.calls(method))


async def drawn_again(slack: SlackChannel, store: Store, since: int) -> bool:
    return rows(store, Posting)[0].wanted_version > since and await one_card_is_shown(slack, store)


@pytest.mark.fault(1)
async def test_one_lead_sent_to_two_replicas_at_once_is_one_lead_with_one_card(store: Store, tmp_path: Path, slack: SlackChannel) -> None:
    url = store.url.render_as_string(hide_password=False)
    async with running_together(*(running_bot(url, tmp_path, slack.sandbox) for _ in range(2))) as (one, other):
        answers = await asyncio.gather(*(bot.deliver(external_id="a-1") for bot in (one, other) * 25))
        assert answers == [(200, {"lead": 1001, "duplicate": False})] * 50
        await until(lambda: one_card_is_shown(slack, store), "one card", slack.cards)
    assert (len(rows(store, Lead)), len(rows(store, Arrival))) == (1, 1)
    assert len(await slack.calls("chat.postMessage")) == 1


async def test_two_that_start_together_on_an_empty_database_set_it_up_once(tmp_path: Path) -> None:
    url = bare_postgresql()
    async with running_together(*(running_bot(url, tmp_path) for _ in range(2))) as bots:
        assert [(await bot.deliver(external_id="a-1"))[0] for bot in bots] == [200] * 2
    store = Store(url)
    assert len(rows(store, ConfigVersion)) == 1
    store.close()
