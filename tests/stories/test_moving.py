"""A manager has leads go on with the live version of a sequence."""

from bot.config.drips import stored
from bot.nurture.drips import library
from bot.store.drips import keep_sequence
from tests.doubles.office import Office
from tests.doubles.texts import AGREED


async def test_a_manager_counts_types_the_number_and_the_lead_goes_on_with_the_live_version(texting_office: Office) -> None:
    office = texting_office
    lead = await office.lead_arrives(**AGREED)
    await office.presses("maya", "Claim", lead)
    await office.told("maya", f"Yours: #{lead}")
    await office.types("maya", f"/drip enroll {lead} new lead")
    await office.hears("maya", f"New lead texts to #{lead} begin.")
    shorter = library()["new_lead"].model_copy(update={"steps": library()["new_lead"].steps[:3]})
    assert office.services is not None
    await office.services.store.transact(keep_sequence, "new_lead", stored(shorter), "chat")

    await office.types("maya", "/drip move new lead")
    await office.hears("maya", "you cannot do this.")
    await office.types("sam", "/drip move new lead")
    await office.hears("sam", "1 lead goes on with an older version of New lead.", "/drip move New lead 1")
    await office.types("sam", "/drip move new lead 1")
    await office.hears("sam", "1 lead goes on with version 2 of New lead from now on")
    await office.types("maya", f"/drip {lead}")
    await office.hears("maya", "New lead texts: 0 of 3 sent.")
