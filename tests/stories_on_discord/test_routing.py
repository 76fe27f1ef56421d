"""A rule gives a lead out in Discord: its owner, the thread and /lead why name it, and its name is text."""

import re
from pathlib import Path

from tests.doubles.databases import fresh_sqlite
from tests.doubles.discord_office import discord_office, ids_of, parts_of, read
from tests.stories.test_routing import IN_COLORADO, NAMED, SHARED, SOLD_TO_MAYA, with_rules

RULE = with_rules("  - {name: '@everyone **Texas** <@1>', when: {state: TX}, team: austin, mode: round_robin, officers: [maya, luis]}")


PULLED = with_rules("  - {name: One after another, mode: blind_pull, team: austin}")


async def test_a_lead_that_nobody_picks_is_handed_to_who_asks(tmp_path: Path) -> None:
    async with discord_office(tmp_path, fresh_sqlite(tmp_path), changes=PULLED) as office:
        lead = await office.lead_arrives()
        card = await office.card_of(lead, says="Rings nobody. Press Next lead, or type /lead next")
        assert ids_of(card) == [f"lb:next_lead:{lead}"]
        refused = await office.types("luis", "lead claim", lead=str(lead))
        assert f"#{lead} is one of those that nobody picks" in read(refused)

        told = office.answer_of(await office.presses("luis", card, "next_lead"))

        assert f"#{lead} Dana Rowe" in read(told)
        await office.card_of(lead, says="Luis Ortega has it")


async def test_a_lead_that_is_given_out_names_its_rule_everywhere_as_text(tmp_path: Path) -> None:
    async with discord_office(tmp_path, fresh_sqlite(tmp_path), changes=RULE) as office:
        lead = await office.lead_arrives()
        await office.card_of(lead, says="Maya Torres has it")
        told = await office.is_told("maya", f"Yours: #{lead}", "gave it to you.")
        thread = await office.thread_of(lead, says="gave it to Maya Torres.")
        why = await office.types("luis", "lead why", lead=str(lead))
        assert "which gives leads out in turn." in read(why)

        shown = [part["content"] for each in (told, why, *office.messages(thread)) for part in parts_of(each) if "content" in part]
        naming = [words for words in shown if "Texas" in words]
        assert len(naming) == 3
        assert not any(markup in re.sub(r"\\.", "", words) for words in naming for markup in ("@everyone", "**", "<@1>"))


async def test_where_who_is_named_is_off_the_thread_says_so(tmp_path: Path) -> None:
    async with discord_office(tmp_path, fresh_sqlite(tmp_path), changes=NAMED) as office:
        await office.types("maya", "lead off", until="tomorrow 9am")

        lead = await office.lead_arrives(**SOLD_TO_MAYA)

        said = "meant for Maya Torres (whom the vendor sold it to, off duty)"
        await office.thread_of(lead, says=said)
        assert said in read(await office.types("luis", "lead why", lead=str(lead)))


async def test_why_says_whose_share_a_lead_was(tmp_path: Path) -> None:
    async with discord_office(tmp_path, fresh_sqlite(tmp_path), changes=SHARED) as office:
        lead = await office.lead_arrives(**IN_COLORADO)
        await office.card_of(lead)

        assert "Austin gets 50% and had 0 of 0 before." in read(await office.types("tess", "lead why", lead=str(lead)))
