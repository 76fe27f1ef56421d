"""One kind of work breaks, or is never done: the others go on."""

from datetime import datetime

import pytest
from sqlmodel import Session

from bot.errors import StoreUnavailable
from bot.scheduling import due_loop
from bot.scheduling.due_loop import Work
from bot.store.postings import Lease
from tests.doubles.office import Office
from tests.doubles.texts import AGREED


def always(_session: Session) -> datetime:
    return datetime.fromisoformat("2020-01-01T00:00:00Z")


def breaks(_session: Session, _now: datetime, _salt: str) -> tuple[int, list[Lease]]:
    raise ZeroDivisionError


def goes_on(_session: Session, _now: datetime, _salt: str) -> tuple[int, list[Lease]]:
    return 1, []


async def test_leads_ring_and_climb_and_texts_leave_while_another_kind_of_work_is_never_done(
    texting_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = texting_office
    monkeypatch.setattr(due_loop, "IN_BUSINESS_TIME", (Work("rates", always, goes_on), *due_loop.IN_BUSINESS_TIME))

    lead = await office.lead_arrives(**AGREED)
    await office.told("maya", "callable till")
    await office.skip(minutes=5)
    await office.told("tess", f"Nobody has taken #{lead}")
    await office.presses("maya", "Claim", lead)
    await office.told("maya", f"Yours: #{lead}")
    await office.types("maya", f"/lead text {lead} Hi Dana")
    await office.thread_says(lead, "Delivered")


async def test_leads_ring_and_climb_while_leads_cannot_be_looked_over(any_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(*_: object) -> None:
        raise StoreUnavailable

    office = any_office
    monkeypatch.setattr(due_loop, "look_over_again", cannot)
    assert office.services is not None
    office.services.drips_begin = None

    lead = await office.lead_arrives()
    await office.told("maya", "callable till")
    await office.skip(minutes=5)
    await office.told("tess", f"Nobody has taken #{lead}")


@pytest.mark.fault(43)
async def test_leads_ring_and_climb_while_another_kind_of_work_breaks_at_each_look(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due_loop, "IN_BUSINESS_TIME", (Work("rates", always, breaks), *due_loop.IN_BUSINESS_TIME))

    lead = await office.lead_arrives()
    await office.told("maya", "callable till")
    await office.skip(minutes=5)
    await office.told("tess", f"Nobody has taken #{lead}")
    await office.presses("maya", "Claim", lead)
    await office.told("maya", f"Yours: #{lead}")
