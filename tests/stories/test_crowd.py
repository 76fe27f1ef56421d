"""Two hundred presses of Claim on one card at once: one wins, and every other one is answered privately."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.server import running_sandbox
from bot.store.database import Store
from bot.store.records import lead_record
from tests.doubles.databases import fresh_postgresql
from tests.doubles.office import Office
from tests.doubles.processes import running_bot, running_together
from tests.doubles.unhurried import slack_is_patient
from tests.doubles.workplace import Workplace

CROWD = ("maya", "luis", "priya", "tess") * 50


@pytest.mark.fault(15)
async def test_in_one_process_on_sqlite_one_of_two_hundred_wins(office: Office) -> None:
    lead = await office.lead_arrives()

    await _all_press(office, lead)

    assert office.services is not None
    _one_won(office.services.store, lead)


@pytest.mark.fault(15)
async def test_in_three_processes_on_postgresql_one_of_two_hundred_wins(tmp_path: Path) -> None:
    url = fresh_postgresql()
    with slack_is_patient():
        async with running_sandbox() as sandbox, aiohttp.ClientSession() as session:
            place = Workplace(sandbox, session)
            async with running_together(*(running_bot(url, tmp_path, sandbox) for _ in range(3))) as bots:
                await place.until(lambda: _six(place), "two connections of each")
                _, answer = await bots[0].deliver()

                await _all_press(place, answer["lead"])

    store = Store(url)
    _one_won(store, answer["lead"])
    store.close()


async def _six(place: Workplace) -> bool:
    return await place.connections() == 6


async def _all_press(place: Workplace, lead: int) -> None:
    card = await place.card_of(lead)
    await place.slack_fault("error_5xx", method="chat.update", times=1000)  # so that all see the card as it was

    answers = await asyncio.gather(*(place.presses_on(card, who, "Claim") for who in CROWD))

    assert [answer["acked"] for answer in answers] == [True] * len(CROWD)

    async def answered() -> bool:
        return len(await _whispers(place)) == len(CROWD) - 1

    await place.until(answered, "199 private answers")
    whispers = await _whispers(place)
    assert sum(f"#{lead} is theirs" in whisper for whisper in whispers) == 150
    assert sum("is already yours" in whisper for whisper in whispers) == 49


async def _whispers(place: Workplace) -> list[str]:
    return [whisper for who in set(CROWD) for whisper in await place.whispers_to(who)]


def _one_won(store: Store, lead: int) -> None:
    record = store.transact_now(lead_record, lead)
    assert record is not None
    kinds = [event["kind"] for event in record["timeline"] if event["kind"] != "ring"]  # the bell may ring before the first press
    assert kinds == ["arrived", "claimed"]
