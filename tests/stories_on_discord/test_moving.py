"""A manager has leads go on with the live version of a sequence, in Discord."""

from bot.config.drips import stored
from bot.nurture.drips import library
from bot.store.drips import keep_sequence
from tests.doubles.discord_office import DiscordOffice
from tests.stories_on_discord.test_drips import typed
from tests.stories_on_discord.test_texts_out import claimed_by_maya


async def test_a_manager_counts_types_the_number_and_the_lead_goes_on_with_the_live_version(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    await typed(office, "maya", "drip enroll", lead=str(lead), sequence="new_lead")
    shorter = library()["new_lead"].model_copy(update={"steps": library()["new_lead"].steps[:3]})
    await office.services.store.transact(keep_sequence, "new_lead", stored(shorter), "chat")

    assert "you cannot do this. Who can: manager or compliance or admin." in await typed(office, "maya", "drip move", sequence="new_lead")
    assert "1 lead goes on with an older version of New lead." in await typed(office, "sam", "drip move", sequence="new_lead")
    assert "with version 2 of New lead from now on" in await typed(office, "sam", "drip move", sequence="new_lead", number="1")
    assert "0 of 3 sent" in await typed(office, "maya", "drip show", lead=str(lead))
