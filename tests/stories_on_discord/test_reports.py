"""/pipeline in Discord: field by field, private unless shared, and nobody sees more than their role does."""

from typing import Any

from tests.doubles.discord_office import DiscordOffice, ids_of, read

ANN = {"first_name": "Ann", "phone": "(512) 555-0120", "email": "ann@example.com"}


async def asks(office: DiscordOffice, who: str, **fields: Any) -> str:
    return read(await office.types(who, "pipeline", **fields))


async def test_a_team_lead_sees_the_team_at_a_glance_in_private(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    await office.lead_arrives(**ANN)
    await office.presses("maya", await office.card_of(lead), "claim")

    said = await office.types("tess", "pipeline")

    assert said.ephemeral
    for part in ("Austin", "last 30 days", "1 unclaimed now", "2 open leads", "Maya Torres: 1"):
        assert part in read(said)


async def test_an_officer_sees_numbers_but_not_who_holds_what_and_their_own_leads(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", await office.card_of(lead), "claim")

    assert "Maya" not in await asks(office, "luis")
    own = await asks(office, "maya", view="mine", days=7)
    assert "Maya Torres" in own and "last 7 days" in own and "1 open lead" in own


async def test_sources_are_a_press_away_also_after_a_restart(office: DiscordOffice) -> None:
    await office.lead_arrives()
    told = await office.types("sam", "pipeline", team="austin", days=7)
    [by_source] = [each for each in ids_of(told) if ":pipeline:" in each]
    assert by_source == "lb:pipeline:0:source:austin:7"

    await office.restarts()
    await office.presses("sam", told, "pipeline")

    assert "Website: 1 lead" in read(told)


async def test_teams_are_offered_as_far_as_one_sees_them(office: DiscordOffice) -> None:
    offered = {who: set(await office.offered(who, "pipeline", "team", "")) for who in ("sam", "maya")}

    assert offered["maya"] == {"austin"}
    assert offered["sam"] > offered["maya"]
    assert "South is not your team. You can see Austin" in await asks(office, "maya", team="south")
    assert "nowhere is not your team" in await asks(office, "maya", team="nowhere")


async def test_what_is_shared_is_seen_by_everybody_names_nobody_else_and_pings_nobody(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", await office.card_of(lead), "claim")
    before = {each.id for each in office.messages()}

    result = await office.people["tess"].slash(office.channel, "pipeline", share=True)

    private, public = [each for each in (result.response, *result.followups) if each is not None]
    assert private.ephemeral and read(private) == "Shared: everybody in this channel sees the numbers."
    assert not public.ephemeral and public.id in {each.id for each in office.messages()} - before
    assert "Shared by Tess Lindqvist" in read(public) and "1 new lead" in read(public)
    assert not any(name in read(public) for name in ("Maya", "Dana", "555"))
    sent = [entry.json or {} for entry in office.env.http_requests if "/webhooks/" in entry.path and entry.method == "POST"]
    assert sent and all(each["allowed_mentions"]["parse"] == [] for each in sent)
