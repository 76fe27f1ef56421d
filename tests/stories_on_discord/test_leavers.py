"""An officer leaves the server: who leads says what becomes of the open leads, and whether somebody who came back works here again."""

import pytest

from tests.doubles.discord_office import DiscordOffice, ids_of, options_of, read


async def maya_leaves_with_two_leads(office: DiscordOffice) -> list[int]:
    leads = [await office.lead_arrives(), await office.lead_arrives(phone="(512) 555-0111", email=None)]
    for lead in leads:
        await office.presses("maya", await office.card_of(lead), "claim")
        await office.is_told("maya", f"Yours: #{lead}")
    office.guild.remove_member(office.people["maya"])
    await office.restarts()
    return leads


@pytest.mark.parametrize("restarts", [False, True])
async def test_who_leads_is_asked_and_gives_all_to_one_person(office: DiscordOffice, *, restarts: bool) -> None:
    leads = await maya_leaves_with_two_leads(office)
    asked = await office.is_told("sam", "Maya Torres has left with 2 open leads. Who takes them?")
    await office.is_told("tess", "Maya Torres has left with 2 open leads. Who takes them?")
    assert [each.split(":")[1] for each in ids_of(asked)] == ["leaver_split", "leaver_pool", "leaver_to"]
    if restarts:
        await office.restarts()
    [luis] = [value for _, value in options_of(asked) if value.endswith(f":{await office.id_of('luis')}")]

    result = await office.chooses("sam", asked, "leaver_to", luis)

    assert "Luis Ortega has 2 leads of Maya Torres now." in read(office.answer_of(result))
    for lead in leads:
        await office.is_told("luis", f"Yours: #{lead}")
        await office.thread_of(lead, says="Sam Whitaker gave it to Luis Ortega.")
    await office.is_told("sam", "Maya Torres's open leads all have somebody now.")


@pytest.mark.parametrize(("action", "words"), [("leaver_pool", "are back in the pool"), ("leaver_split", "Maya Torres")])
async def test_they_are_split_or_go_to_the_pool(office: DiscordOffice, action: str, words: str) -> None:
    first, second = await maya_leaves_with_two_leads(office)
    asked = await office.is_told("sam", "Maya Torres has left")

    result = await office.presses("sam", asked, action)

    assert words in read(office.answer_of(result))
    for lead in (first, second):
        await office.thread_of(lead, says="Maya Torres has left" if action == "leaver_pool" else "Sam Whitaker gave it to")


@pytest.mark.parametrize(
    ("action", "words"), [("leaver_on", "is back and can take leads again."), ("leaver_off", "stays switched off here.")]
)
async def test_who_comes_back_is_asked_about(office: DiscordOffice, action: str, words: str) -> None:
    await maya_leaves_with_two_leads(office)
    await office.is_told("sam", "Maya Torres has left")
    office.people["maya"] = office.guild.add_member(office.people["maya"].user)
    await office.restarts()

    asked = await office.is_told("sam", "Maya Torres, who had left, is in chat again.")
    assert [each.split(":")[1] for each in ids_of(asked)] == ["leaver_on", "leaver_off"]
    result = await office.presses("sam", asked, action)

    assert words in read(office.answer_of(result))
    closed = await office.is_told("sam", words)
    assert ids_of(closed) == []
