"""Whether nothing is owed any more, asked of what is sure to happen, as in the stories on Slack."""

from tests.doubles.discord_office import DiscordOffice, read


async def test_what_falls_due_with_a_skip_is_decided_and_shown_then(office: DiscordOffice) -> None:
    await office.lead_arrives()

    office.skip(minutes=6)

    await office.nothing_is_owed()
    assert "Nobody has taken #1001" in f"{[read(each) for each in office.people['tess'].user.dm_channel.history()]}"
