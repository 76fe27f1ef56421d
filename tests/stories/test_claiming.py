"""An officer claims a lead, and everybody hears what they need to."""

from tests.doubles.office import Office
from tests.doubles.shown import buttons, words


async def test_a_claim_shrinks_the_card_to_its_owner_and_open(office: Office) -> None:
    lead = await office.lead_arrives()

    await office.presses("maya", "Claim", lead)

    card = await office.card_of(lead, says="Maya Torres has it")
    assert buttons(card) == ["Open"]
    assert len(words(card).splitlines()) == 3  # two lines and the button
