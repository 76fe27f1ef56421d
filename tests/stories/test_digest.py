"""More than six rings an hour: the other free leads stand in one message."""

from typing import Any

from tests.doubles.office import Office


async def test_the_seventh_lead_of_an_hour_stands_in_a_digest_that_follows_what_is_claimed(any_office: Office) -> None:
    office = any_office
    tulsa: dict[str, Any] = {"property_state": "OK", "property_city": "Tulsa", "property_zip": "74103"}  # Maya's and Tess's
    poor: dict[str, Any] = {"timeline": "just looking", "credit": "below 600", "email": None, **tulsa}
    leads = [await office.lead_arrives(first_name=f"Lead{n}", phone=f"(512) 555-011{n}", **poor) for n in range(8)]

    told = await office.is_told("maya", "2 more free leads, best first. Type /lead next to get the best one.")
    assert f"#{leads[6]} C, purchase $310k, Tulsa OK, callable till 8 pm CT" in told
    assert "Lead6" not in told
    await office.presses("tess", "Claim", leads[6])

    told = await office.is_told("maya", "1 more free lead, best first.", f"#{leads[7]}")
    assert f"#{leads[6]}" not in told
    await office.presses("tess", "Claim", leads[7])
    await office.is_told("maya", "The leads that stood here are taken or closed.")
    assert sum("more free" in each or "stood here" in each for each in await office.direct_messages("maya")) == 1
