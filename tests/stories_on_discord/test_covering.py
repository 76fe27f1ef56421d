"""Who goes off in Discord names a colleague, who works their leads meanwhile."""

from tests.doubles.discord_office import DiscordOffice, read


async def test_the_cover_works_the_lead_and_the_owner_reads_of_it_when_back(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    await office.types("maya", "lead claim", lead=str(lead))
    await office.types("maya", "log", lead=str(lead), result="connected")

    told = await office.types("maya", "lead off", until="until friday", cover="luis")
    assert "Luis Ortega covers for you." in read(told)
    await office.is_told("luis", "You cover for Maya Torres until Friday, ", f"#{lead} Dana R.")
    assert "Covering for a colleague" in read(await office.types("luis", "lead mine"))
    assert f"#{lead}" in read(await office.types("luis", "log", lead=str(lead), result="left_voicemail"))

    await office.types("maya", "lead on")
    await office.is_told("maya", "While you were away, with Luis Ortega covering:", f"#{lead} Dana R.: Luis Ortega called")
    await office.is_told("luis", "You no longer cover for Maya Torres.")
