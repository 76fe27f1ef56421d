"""A sequence for many leads, in Discord: counted, begun by the number that is typed, told at the end and taken back by a button."""

from tests.doubles.discord_office import DiscordOffice, read
from tests.doubles.texts import AGREED
from tests.stories_on_discord.test_drips import typed


async def test_a_team_lead_begins_texts_for_many_and_takes_them_back(office: DiscordOffice) -> None:
    for place in (1, 2):
        await office.lead_arrives(**AGREED, phone=f"(512) 555-014{place}", email=f"d{place}@example.com", last_name=f"R{place}")
    offered = await office.people["tess"].autocomplete(office.channel, "drip many", "segment", "past")
    assert [(each["name"], each["value"]) for each in offered] == [("past client", "past_client")]

    counted = await typed(office, "tess", "drip many", sequence="new_lead", segment="purchase", in_stage="new")
    assert "2 leads of your teams fit." in counted and "/drip confirm 2" in counted
    assert "New lead texts begin now for 2 leads" in await typed(office, "tess", "drip confirm", number="2")

    told = await office.is_told("tess", "New lead texts began for 2 leads.")
    taken = await office.presses("tess", told, "take_group_back")
    assert "those that run end now" in read(office.answer_of(taken))
    await office.is_told("tess", "they ended for 2 leads.")
    assert "nothing to begin" in await typed(office, "tess", "drip confirm", number="2")


async def test_leads_are_looked_for_in_the_words_of_lead_find(office: DiscordOffice) -> None:
    await office.lead_arrives(**AGREED)
    await office.lead_arrives(property_state="OK", property_zip="73101", phone="(405) 555-0143", email="d3@example.com", last_name="R3")

    counted = await typed(office, "tess", "drip many", sequence="new_lead", in_stage="new", search="TX newer than 30 days")
    assert "I looked for: stage new; state Texas; came in within the last 30 days." in counted
    assert "1 lead of your teams fits." in counted
    assert 'I know no state "texsa"' in await typed(office, "tess", "drip many", sequence="new_lead", search="state texsa")
    assert "2 leads fit: stage new." in read(await office.types("tess", "lead find", name="stage new"))


async def test_an_officer_may_not(office: DiscordOffice) -> None:
    assert "you cannot do this" in await typed(office, "maya", "drip many", sequence="new_lead", in_stage="new")
