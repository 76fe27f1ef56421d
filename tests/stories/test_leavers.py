"""An officer leaves: who leads says what becomes of the open leads, and the leaver's messages lose the numbers."""

from tests.doubles.office import Office
from tests.doubles.shown import buttons

NUMBER = "(512) 555-0100"


async def maya_leaves_with_two_leads(office: Office) -> list[int]:
    """She claims two leads; then an admin deactivates her in Slack."""
    leads = [await office.lead_arrives(), await office.lead_arrives(phone="(512) 555-0111", email=None)]
    for lead in leads:
        await office.presses("maya", "Claim", lead)
        await office.told("maya", f"Yours: #{lead}")
    await office.slack_fault("user_deactivated", user="U0MAYA")
    await office.restart()
    return leads


async def test_who_leads_is_asked_and_gives_all_to_one_person(any_office: Office) -> None:
    office = any_office
    leads = await maya_leaves_with_two_leads(office)

    for who in ("tess", "sam"):
        asked = await office.told(who, "Maya Torres has left with 2 open leads. Who takes them?")
        assert buttons(asked) == ["All to...", "Split", "Pool"]
    await office.presses_in_direct("sam", "All to...", 0, choose="Luis Ortega")

    await office.hears("sam", "Luis Ortega has 2 leads of Maya Torres now.")
    for lead in leads:
        await office.told("luis", f"Yours: #{lead}")
        await office.thread_says(lead, "Sam Whitaker gave it to Luis Ortega.")
    for who in ("tess", "sam"):
        await office.told(who, "Maya Torres's open leads all have somebody now.")


async def test_the_leaver_s_messages_lose_the_numbers(office: Office) -> None:
    await maya_leaves_with_two_leads(office)

    await office.told("maya", "#1001 is no longer yours, so the number is hidden here.")
    await office.until(office.nothing_is_owed, "everything shown")

    assert NUMBER not in f"{await office.messages('D0MAYA')}"


async def test_the_pool_rings_the_leads_of_a_leaver_one_by_one(office: Office) -> None:
    first, second = await maya_leaves_with_two_leads(office)
    await office.told("sam", "Maya Torres has left")

    await office.presses_in_direct("sam", "Pool", 0)

    await office.hears("sam", "2 leads of Maya Torres are back in the pool and ring one by one, best first.")
    await office.thread_says(first, "Maya Torres has left, so it is free to claim.")
    await office.thread_says(second, "Maya Torres has left, so it is free to claim.")


async def test_who_comes_back_is_asked_about(office: Office) -> None:
    await maya_leaves_with_two_leads(office)
    await office.told("sam", "Maya Torres has left")
    await office.slack_fault("user_deactivated", user="U0MAYA", on=False)
    await office.restart()

    asked = await office.told("sam", "Maya Torres, who had left, is in chat again.")
    assert buttons(asked) == ["Switch on", "Leave off"]
    await office.presses_in_direct("sam", "Switch on", 0)

    await office.told("sam", "Maya Torres is back and can take leads again.")
    await office.told("maya", "Yours: #1001 Dana Rowe")
    for who in ("tess", "sam"):
        await office.told(who, "Maya Torres is back and keeps the open leads.")
