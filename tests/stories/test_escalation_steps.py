"""Steps of a policy of one's own tell whom it names: that nobody called, and that everybody who is free is rung again."""

from tests.doubles.escalation_steps import OWN_STEPS
from tests.doubles.shown import buttons
from tests.stories.conftest import OpenOffice


async def test_whom_a_policy_names_hears_that_nobody_called_until_somebody_does(changed_office: OpenOffice) -> None:
    async with changed_office(OWN_STEPS) as office:
        lead = await office.lead_arrives()
        await office.types("maya", f"/lead claim {lead}")
        await office.told("maya", f"Yours: #{lead}")

        await office.skip(minutes=3)

        told = await office.told("sam", f"Maya Torres has #{lead} ", "has not called in 2 minutes.")
        assert buttons(told) == ["Open"]
        await office.types("maya", f"/log {lead} connected")
        await office.told("sam", f"#{lead}: done, thank you.")


async def test_whoever_is_free_is_rung_again(changed_office: OpenOffice) -> None:
    async with changed_office(OWN_STEPS) as office:
        await office.lead_arrives()
        await office.told("maya", "callable till")

        await office.skip(minutes=2)

        async def rung_twice() -> bool:
            return sum("callable till" in message for message in await office.direct_messages("maya")) == 2

        await office.until(rung_twice, "Maya rung again")
