"""/lead mine in Discord: five leads a page in the order in which they want something, each with Open and Later."""

import re

from tests.doubles.discord_office import DiscordOffice, ids_of, parts_of, read
from tests.doubles.hostile import HOSTILE


async def owned(office: DiscordOffice, number: int, **fields: str) -> int:
    lead = await office.lead_arrives(**{"phone": f"(512) 555-01{number:02}", "email": f"dana{number}@example.com", **fields})
    await office.types("maya", "lead claim", lead=str(lead))
    return lead


async def test_each_lead_stands_where_it_belongs_with_open_and_later(office: DiscordOffice) -> None:
    fresh, sleeping = await owned(office, 1), await owned(office, 2)
    await office.types("maya", "log", lead=str(sleeping), result="connected")
    await office.types("maya", "lead later", lead=str(sleeping), when="in 3 days")

    mine = await office.types("maya", "lead mine")

    assert mine.ephemeral
    said = read(mine)
    places = [said.index(part) for part in ("Your 2 leads: New 1, Asleep 1", f"#{fresh} Dana Rowe", "Asleep\n", f"#{sleeping} Dana Rowe")]
    assert places == sorted(places)
    expected = [(f"lb:open:{lead}", f"ls:menu:{lead}:later") for lead in (fresh, sleeping)]
    assert ids_of(mine) == [each for pair in expected for each in pair]


async def test_open_and_later_work_from_the_list_also_after_a_restart(office: DiscordOffice) -> None:
    lead = await owned(office, 1)
    await office.types("maya", "log", lead=str(lead), result="connected")
    mine = await office.types("maya", "lead mine")
    await office.restarts()

    opened = await office.presses("maya", mine, "open")
    assert "(512) 555-0101" in read(office.answer_of(opened))
    [menu] = [each for each in ids_of(mine) if each.startswith("ls:menu:")]
    later = await office.people["maya"].select(mine, [f"later:{lead}:tomorrow"], custom_id=menu)
    assert f"#{lead}: I remind you Wednesday" in read(office.answer_of(later))


async def test_five_fit_a_page_and_the_others_are_a_press_away(office: DiscordOffice) -> None:
    leads = [await owned(office, number) for number in range(7)]
    mine = await office.types("maya", "lead mine")
    first = read(mine)
    assert "Page 1 of 2" in first and [each for each in ids_of(mine) if ":mine:" in each] == ["lb:mine:0:1"]

    await office.presses("maya", mine, "mine")

    second = read(mine)
    assert "Page 2 of 2" in second and [each for each in ids_of(mine) if ":mine:" in each] == ["lb:mine:0:0"]
    assert {lead for lead in leads if f"#{lead} " in first + second} == set(leads)


async def test_an_empty_list_says_what_to_do(office: DiscordOffice) -> None:
    assert read(await office.types("luis", "lead mine")) == "Nothing waits for you. /lead next finds the best free lead for you."


async def test_hostile_names_are_text_in_the_list_which_keeps_discords_limits(office: DiscordOffice) -> None:
    for number, text in enumerate(HOSTILE):
        await owned(office, number, first_name=f"Dana {text}", last_name=text, property_city=text)
    mine = await office.types("maya", "lead mine")

    for page in range(1, -(-len(HOSTILE) // 5)):
        assert len([each for each in ids_of(mine) if ":open:" in each]) == 5
        assert len(parts_of(mine)) <= 40 and sum(len(each.get("content", "")) for each in parts_of(mine)) <= 4000
        said = re.sub(r"\\.", "", "\n".join(each.get("content", "") for each in parts_of(mine)))
        assert not re.search(r"<[@#!]|https?://|@everyone|@here|[*_~`|]{2}(?!Waiting|Overdue|Today|New|Asleep|\n|$)", said), said
        await office.people["maya"].click(mine, custom_id=f"lb:mine:0:{page}")


async def test_a_list_of_the_longest_rows_there_are_keeps_its_buttons(office: DiscordOffice) -> None:
    for number in range(5):
        await owned(office, number, first_name="*_~`|" * 400, last_name="#>()" * 400, property_city="*" * 2000)

    mine = await office.types("maya", "lead mine")

    assert len([each for each in ids_of(mine) if ":open:" in each]) == 5
    assert sum(len(each.get("content", "")) for each in parts_of(mine)) <= 4000
