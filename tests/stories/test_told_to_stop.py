"""Told to stop, Leadbell finishes what it has in hand and begins nothing more."""

from unittest.mock import patch

from bot import app
from bot.scheduling.due_loop import look_and_wait
from bot.services import Services
from tests.doubles.office import Office

SLOW = 600


async def test_while_what_is_in_hand_is_finished_nobody_looks_for_more(office: Office) -> None:
    looks, looks_since = 0, 0
    stopping = False

    async def look(services: Services) -> None:
        nonlocal looks, looks_since
        looks, looks_since = looks + 1, looks_since + stopping
        services.owed.set()  # there is always more
        await look_and_wait(services)

    with patch.object(app, "look_and_wait", look):
        await office.restart()
        await office.slack_fault("slow", method="chat.postMessage", seconds=SLOW)
        await office.lead_arrives()
        stopping = True
        await office.closes()

    assert looks > 0 and looks_since == 0
    await office.slack_heals()
    await office.opens()
    await office.card_of(1001)


async def test_what_nobody_began_stays_owed_and_is_waited_for_by_nobody(office: Office) -> None:
    assert office.services is not None
    services = office.services
    await office.closes()
    for waiting in (services.texts, services.emails, services.calls):
        waiting.put_nowait(1)

    services.begin_nothing()

    for waiting in (services.texts, services.emails, services.calls):
        assert waiting.empty()
        await waiting.join()
    await office.opens()
