"""Something breaks behind a press: the person is told privately, and the log names no borrower."""

import re

import pytest
import structlog

from bot.distribution import claiming
from bot.leads.press import Press
from bot.services import Services
from tests.doubles.office import Office


async def _breaks(_services: Services, _pressed: Press) -> claiming.ClaimOutcome:
    raise RuntimeError("no such borrower: Dana Rowe, (512) 555-0100")


async def test_the_presser_hears_a_reference_that_stands_in_the_log(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claiming, "claim", _breaks)
    lead = await office.lead_arrives()

    with structlog.testing.capture_logs() as logs:
        answer = await office.presses("maya", "Claim", lead)
        told = await office.hears("maya", "That did not work. Look whether anything changed before you press again")

    assert answer["acked"]
    reference = re.search(r"tell your admin: (\w+)\.", told)
    assert reference
    [entry] = [entry for entry in logs if entry["event"] == "a press broke"]
    assert entry["reference"] == reference[1]
    assert entry["error"] == "RuntimeError"


@pytest.mark.fault(79)
async def test_the_log_says_where_and_never_about_whom(
    office: Office, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(claiming, "claim", _breaks)
    lead = await office.lead_arrives()

    with structlog.testing.capture_logs() as logs:
        await office.presses("maya", "Claim", lead)
        await office.hears("maya", "That did not work")

    written = capfd.readouterr()
    everything = f"{logs}{written.out}{written.err}{[record.getMessage() for record in caplog.records]}"
    assert "test_a_press_breaks.py" in f"{logs}"
    assert not any(personal in everything for personal in ("Dana", "Rowe", "555-0100"))


@pytest.mark.fault(26)
async def test_slack_hears_at_once_that_the_press_came(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claiming, "claim", _breaks)
    lead = await office.lead_arrives()

    answers = [await office.presses("maya", "Claim", lead) for _ in range(5)]

    assert [answer["acked"] for answer in answers] == [True] * 5


async def test_a_screen_that_cannot_be_opened_is_said_too(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.slack_fault("error_5xx", method="views.open", times=1)

    await office.presses("luis", "Open", lead)

    await office.hears("luis", "That did not work")
