"""Slack's sockets come and go: no press is lost, and nothing unknown is left unanswered."""

import pytest

from tests.doubles.office import Office
from tests.doubles.workplace import LEADS


@pytest.mark.fault(25)
async def test_when_slack_asks_for_new_connections_it_gets_them(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.slack_fault("refresh_requested")

    async def two_again() -> bool:
        return await office.connections() == 2

    await office.until(two_again, "two connections")
    await office.presses("maya", "Claim", lead)

    await office.card_of(lead, says="Maya Torres has it")


@pytest.mark.fault(25)
async def test_a_press_reaches_us_though_one_of_two_connections_is_leaving(office: Office) -> None:
    leads = [await office.lead_arrives(first_name=f"Lead{n}", phone=f"(512) 555-011{n}", email=None) for n in range(4)]
    await office.slack_fault("refresh_requested", times=1)

    answers = [await office.presses("maya", "Claim", lead) for lead in leads]

    assert [answer["acked"] for answer in answers] == [True] * 4
    for lead in leads:
        await office.card_of(lead, says="Maya Torres has it")


async def test_a_command_that_nobody_handles_is_acknowledged(office: Office) -> None:
    answer = await office.do("command", channel=LEADS, user="U0MAYA", command="/unheard-of", text="")

    assert answer["acked"]


async def test_an_event_that_nobody_handles_is_acknowledged_once(office: Office) -> None:
    await office.do("open-home", user="U0MAYA")

    async def delivered() -> list[bool]:
        return [entry["ok"] for entry in await office.log() if entry["method"] == "app_home_opened"]

    assert await office.until(delivered, "the event") == [True]
