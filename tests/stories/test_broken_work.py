"""One kind of work breaks: the others go on."""

from datetime import datetime

import pytest
from sqlmodel import Session

from bot.scheduling import due_loop
from bot.store.postings import Lease
from tests.doubles.office import Office


def always(_session: Session) -> datetime:
    return datetime.fromisoformat("2020-01-01T00:00:00Z")


def breaks(_session: Session, _now: datetime, _salt: str) -> tuple[int, list[Lease]]:
    raise ZeroDivisionError


@pytest.mark.fault(43)
async def test_leads_ring_and_climb_while_another_kind_of_work_breaks_at_each_look(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due_loop, "IN_BUSINESS_TIME", (("rates", always, breaks), *due_loop.IN_BUSINESS_TIME))

    lead = await office.lead_arrives()
    await office.told("maya", "callable till")
    await office.skip(minutes=5)
    await office.told("tess", f"Nobody has taken #{lead}")
    await office.presses("maya", "Claim", lead)
    await office.told("maya", f"Yours: #{lead}")
