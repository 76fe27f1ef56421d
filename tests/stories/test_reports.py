"""/pipeline: a manager, a team lead and an officer see at a glance what stands where, on a phone, and nobody else does."""

from typing import Any

from tests.doubles.office import Office
from tests.doubles.shown import words


async def a_day_in_austin(office: Office) -> list[int]:
    """Three leads: Maya claims the first after 2 minutes and calls after 6, the second is claimed by Luis, the third waits."""
    first = await office.lead_arrives()
    second = await office.lead_arrives("zillow", first_name="Ann", phone="(512) 555-0120", email="ann@example.com")
    third = await office.lead_arrives(first_name="Bo", phone="(512) 555-0130", email="bo@example.com")
    await office.skip(minutes=2)
    await office.presses("maya", "Claim", first)
    await office.told("maya", f"Yours: #{first}")
    await office.presses("luis", "Claim", second)
    await office.told("luis", f"Yours: #{second}")
    await office.skip(minutes=2)
    await office.logs("maya", first, "Connected")
    await office.thread_says(first, "Maya Torres: Connected.")
    return [first, second, third]


async def test_a_team_lead_sees_the_team_at_a_glance(any_office: Office) -> None:
    office = any_office
    await a_day_in_austin(office)

    await office.types("tess", "/pipeline team austin")

    told = await office.hears("tess", "Austin", "last 30 days", "1 unclaimed now", "3 open leads")
    assert "new: 2, oldest " in told and "contacted: 1" in told
    assert "3 new leads" in told
    assert "Claimed: half in about 1.9 min" in told and "First try: half in about 4.0 min" in told
    assert "Tried within 5 min: 1 of 3 (33%), 0 of them verified" in told
    assert "Luis Ortega: 1, 1 not tried yet" in told and "Maya Torres: 1" in told


async def test_an_officer_sees_the_team_s_numbers_but_not_who_holds_what(office: Office) -> None:
    await a_day_in_austin(office)

    await office.types("luis", "/pipeline")

    told = await office.hears("luis", "Austin", "3 open leads")
    assert "Maya" not in told and "Who holds what" not in told


async def test_an_officer_sees_the_own_leads(office: Office) -> None:
    await a_day_in_austin(office)

    await office.types("maya", "/pipeline mine 7 days")

    told = await office.hears("maya", "Maya Torres", "last 7 days", "1 open lead")
    assert "contacted: 1" in told and "1 new lead whose first owner you were" in told.replace("*", "")
    assert "Claimed: half in about 1.9 min" in told


async def test_sources_stand_side_by_side(office: Office) -> None:
    await a_day_in_austin(office)

    await office.types("sam", "/pipeline source austin today")

    told = (await office.hears("sam", "Austin", "today")).replace("*", "")
    assert "Website: 2 leads, first try: half in about 4.0 min" in told
    assert "Zillow: 1 lead, 0 tried within 5 min (0%)" in told


async def test_a_manager_sees_all_teams_together_and_one_alone_on_a_press(office: Office) -> None:
    await a_day_in_austin(office)
    await office.lead_arrives("partner", first_name="Cy", phone="(505) 555-0140", email="cy@example.com", property_state="NM")
    await office.types("sam", "/pipeline")
    await office.hears("sam", "Austin, South", "4 open leads")

    await presses_whispered(office, "sam", "South")

    told = await office.hears("sam", "South", "1 open lead")
    assert "Austin" not in told


async def test_another_team_is_not_shown(office: Office) -> None:
    await office.types("maya", "/pipeline south")

    await office.hears("maya", "South is not your team. You can see Austin; for more, ask your manager.")


async def test_what_is_misspelled_is_asked_back_and_done_on_a_press(office: Office) -> None:
    await office.types("tess", "/pipeline suorce 7")
    await office.hears("tess", 'I did not catch "suorce". Did you mean this?')

    await presses_whispered(office, "tess", "pipeline source 7")

    await office.hears("tess", "no leads yet in the last 7 days. They show here as soon as there is one.")


async def test_shared_numbers_stand_in_the_channel_with_who_shared_them_and_name_nobody_else(office: Office) -> None:
    await a_day_in_austin(office)

    await office.types("tess", "/pipeline austin share")

    async def posted() -> str | None:
        shown = [words(message) for message in await office.messages() if "ephemeral_to" not in message]
        return next((each for each in shown if "Shared by Tess Lindqvist" in each), None)

    told = await office.until(posted, "the numbers in the channel")
    assert "3 new leads" in told.replace("*", "")
    assert not any(name in told for name in ("Maya", "Luis", "Dana", "Ann", "Bo R", "555"))


async def test_numbers_that_were_not_shared_are_seen_by_nobody_else(office: Office) -> None:
    await a_day_in_austin(office)

    await office.types("tess", "/pipeline")
    await office.hears("tess", "last 30 days")

    shown: list[Any] = [message for message in await office.messages() if message.get("ephemeral_to") != "U0TESS"]
    assert "last 30 days" not in f"{[words(message) for message in shown]}"


async def presses_whispered(office: Office, who: str, label: str) -> None:
    """Press what bears this label on the newest message that only this person sees."""
    whispers = [message for message in await office.messages() if message.get("ephemeral_to") == f"U0{who.upper()}"]
    await office.presses_on(whispers[-1], who, label)


async def test_more_days_than_are_looked_at_are_said_to_be_fewer(office: Office) -> None:
    await office.lead_arrives()

    await office.types("sam", "/pipeline 999 days")

    await office.hears("sam", "I look back 366 days at most, so these are the last 366.")
