"""Claim and Give back in Discord: one winner, everybody else hears who was quicker."""

import pytest

from tests.doubles.discord_office import DiscordOffice, ids_of, read


async def test_a_lead_stands_in_the_channel_in_two_lines_with_claim_and_pass(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()

    card = await office.card_of(lead)
    first, second, *_ = read(card).splitlines()
    assert first == "A, purchase $310k, Austin TX, this month"
    assert second.startswith("Dana R., ")
    assert ids_of(card) == [f"lb:claim:{lead}", f"ls:pass:{lead}"]
    assert card.flags.components_v2


async def test_whoever_presses_claim_has_it_and_the_card_says_so(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()

    result = await office.presses("maya", await office.card_of(lead), "claim")

    assert result.acknowledged and result.followups == []
    owned = await office.card_of(lead, says="Maya Torres")
    assert ids_of(owned) == [f"lb:open:{lead}"]
    told = await office.is_told("maya", f"Yours: #{lead} Dana Rowe", "(512) 555-0100")
    assert [each.split(":")[1] for each in ids_of(told)] == ["calling", "text", "log", "menu", "menu"]


async def test_a_lead_given_back_is_free_on_the_same_card_and_its_thread_says_so(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    card = await office.card_of(lead)
    await office.presses("maya", card, "claim")
    yours = await office.is_told("maya", f"Yours: #{lead}")

    result = await office.presses("maya", yours, "give_back")

    assert result.followups or result.response
    free = await office.card_of(lead, says="Dana R.")
    await office.until(lambda: _claimable(office, lead), "a free card")
    assert free.id == card.id
    thread = await office.thread_of(lead, says="Maya Torres")
    assert thread.id == card.id
    assert thread.name == f"#{lead} Dana R., purchase, TX"


async def _claimable(office: DiscordOffice, lead: int) -> bool:
    return f"lb:claim:{lead}" in ids_of(await office.card_of(lead))


async def test_the_thread_is_there_on_claim_with_its_owner_in_it(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()

    await office.presses("maya", await office.card_of(lead), "claim")

    thread = await office.thread_of(lead)
    await office.nothing_is_owed()
    members = {entry.path.rsplit("/", 1)[-1] for entry in office.env.http_requests if "/thread-members/" in entry.path}
    assert members == {str(office.people["maya"].id), str(office.people["tess"].id)}
    assert thread.is_thread


@pytest.mark.fault(65)
async def test_a_stranger_is_told_privately_and_changes_nothing(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    office.people["pat"] = office.guild.add_member(office.env.create_user("pat"))

    result = await office.presses("pat", await office.card_of(lead), "claim")

    said = office.answer_of(result)
    assert said.ephemeral and "I do not know you yet" in read(said)
    assert f"lb:claim:{lead}" in ids_of(await office.card_of(lead))


@pytest.mark.fault(29)
async def test_buttons_work_on_cards_from_before_a_restart(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    card = await office.card_of(lead)
    await office.nothing_is_owed()

    await office.restarts()
    await office.presses("luis", card, "claim")

    await office.card_of(lead, says="Luis Ortega")
