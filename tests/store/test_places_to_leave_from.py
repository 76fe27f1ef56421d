"""A step of a sequence leaves as it is decided while a worker is free for it; while none is, it is decided all the same and waits."""

import asyncio
from types import SimpleNamespace
from typing import cast

from bot.outreach.network import PhoneNetwork
from bot.scheduling.due_loop import look
from bot.services import LEAVING_TOGETHER
from tests.doubles.branch import Branch
from tests.doubles.drips import DripTexts
from tests.doubles.waiting import PATIENCE


async def looked_at(branch: Branch) -> tuple[DripTexts, int]:
    """A lead whose first text is due when the due loop looks."""
    texts = DripTexts(branch)
    lead = texts.running()
    branch.clock.skip(days=1)
    branch.services.network = cast(PhoneNetwork, SimpleNamespace(sender="+15125550199"))  # no worker runs in this test: nothing leaves
    async with asyncio.timeout(PATIENCE):
        await look(branch.services)
    return texts, lead


async def test_while_a_worker_is_free_a_step_is_marked_as_it_is_decided(branch: Branch) -> None:
    texts, lead = await looked_at(branch)

    [text] = texts.touches(lead)
    assert text.status == "sending"
    assert [each.text.text_id for each in branch.services.leaving.get_nowait().sendings] == [text.id]
    assert branch.services.texts.empty()


async def test_while_none_is_free_a_step_is_decided_all_the_same_and_its_text_waits_for_who_tends_texts(branch: Branch) -> None:
    for _ in range(LEAVING_TOGETHER):
        await branch.services.places.acquire()

    texts, lead = await looked_at(branch)

    [text] = texts.touches(lead)
    assert text.status == "queued"
    assert branch.services.leaving.empty()
    assert branch.services.texts.get_nowait() == text.id
