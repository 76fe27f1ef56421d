"""/lead why in Discord, also behind More: who was rung, who was passed over, and one's own part."""

from tests.doubles.discord_office import DiscordOffice, read


async def test_who_was_passed_over_hears_why_and_who_was_rung_that_they_were(office: DiscordOffice) -> None:
    await office.types("priya", "lead off", until="friday")
    lead = await office.lead_arrives()
    await office.is_told("maya", "purchase")

    told = read(await office.types("maya", "lead why", lead=str(lead)))

    for part in (f"#{lead} rang for ", "You were among them", "Priya Nair (off duty)", "Omar Haddad (not licensed, TX)"):
        assert part in told
    assert "You are not licensed in TX" in read(await office.types("omar", "lead why", lead=str(lead)))


async def test_the_owner_for_whom_it_rang_finds_behind_more_that_it_is_theirs(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    await office.is_told("maya", "purchase")
    await office.presses("maya", await office.card_of(lead), "claim")
    yours = await office.is_told("maya", f"Yours: #{lead}")

    told = await office.people["maya"].user.select(yours, [f"why:{lead}"], custom_id=f"ls:menu:{lead}:more")

    assert f"#{lead}" in read(office.answer_of(told)) and "It is yours." in read(office.answer_of(told))


async def test_an_unknown_lead_has_no_reasons(office: DiscordOffice) -> None:
    assert "There is no lead #99999." in read(await office.types("maya", "lead why", lead="99999"))


async def test_who_is_off_reads_until_when_by_their_own_clock_and_what_brings_them_back(office: DiscordOffice) -> None:
    await office.types("priya", "lead off", until="friday 7 pm")
    lead = await office.lead_arrives()
    refused = "You are off until Friday, April 20, 7:00 pm CT. /lead on brings you back."

    assert f"It did not ring for you. {refused}" in read(await office.types("priya", "lead why", lead=str(lead)))

    assert refused in read(office.answer_of(await office.presses("priya", await office.card_of(lead), "claim")))
