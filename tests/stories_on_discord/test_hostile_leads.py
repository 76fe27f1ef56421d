"""What a stranger types never becomes markup, a link, a mention or a ping in Discord."""

import re

import pytest

from tests.doubles.discord_office import DiscordOffice, parts_of, read

NASTY = ("@everyone", "<@123456789012345678>", "[x](https://evil.example)", "**bold**", "# Big", "`code`", "||hid||", "\u202eflip", "~~s~~")


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.fault(70)
async def test_a_nasty_city_is_shown_letter_by_letter_on_the_card(office: DiscordOffice, nasty: str) -> None:
    lead = await office.lead_arrives(property_city=nasty)

    raw = "\n".join(part["content"] for part in parts_of(await office.card_of(lead)) if "content" in part)

    assert nasty not in re.sub(r"\\.", "", raw) and "\u202e" not in raw
    sent = [entry.json or {} for entry in office.env.http_requests if entry.method == "POST" and entry.path.endswith("/messages")]
    assert sent and all(each["allowed_mentions"].get("users", []) == [] and each["allowed_mentions"]["parse"] == [] for each in sent)


async def test_a_thread_is_named_for_people_and_short_whatever_the_name(office: DiscordOffice) -> None:
    lead = await office.lead_arrives(first_name="@everyone " * 40, last_name="\u202eRowe" * 40)

    await office.presses("maya", await office.card_of(lead), "claim")

    name = (await office.thread_of(lead)).name or ""
    assert len(name) <= 100 and "\u202e" not in name and "purchase, TX" in name


async def test_a_lead_found_again_by_what_its_container_carries_is_not_posted_twice(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    card = await office.card_of(lead)
    await office.nothing_is_owed()

    await office.forget_that_it_was_shown(lead)

    await office.nothing_is_owed()
    assert [each.id for each in office.messages() if f"#{lead}" in read(each)] == [card.id]
