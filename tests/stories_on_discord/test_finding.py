"""/lead find, next and help in Discord: only what one may see, and what one may type."""

from pathlib import Path

from tests.doubles.databases import fresh_sqlite
from tests.doubles.discord_office import DiscordOffice, discord_office, ids_of, labels_of, read


async def mayas(office: DiscordOffice, **fields: str) -> int:
    lead = await office.lead_arrives(**fields)
    await office.types("maya", "lead claim", lead=str(lead))
    return lead


async def test_one_match_is_shown_and_two_ask(office: DiscordOffice) -> None:
    dana = await mayas(office)
    assert f"#{dana} Dana Rowe" in read(await office.types("maya", "lead find", name="0100"))
    ann = await mayas(office, first_name="Ann", phone="(512) 555-0111", email="ann@example.com")

    asked = await office.types("maya", "lead find", name="rowe")

    assert '2 leads fit "rowe". Which one?' in read(asked)
    assert set(ids_of(asked)) == {f"lb:open:{dana}", f"lb:open:{ann}"}


async def test_what_a_person_may_not_see_is_not_found_and_not_offered_by_it(office: DiscordOffice) -> None:
    lead = await mayas(office)

    for typed in ("rowe", "0100"):
        assert "I found no lead" in read(await office.types("luis", "lead find", name=typed))
        assert await office.offered("luis", "lead show", "lead", typed) == {}
        assert list(await office.offered("maya", "lead show", "lead", typed)) == [f"#{lead}"]


async def test_next_is_the_best_that_the_officer_may_take(office: DiscordOffice) -> None:
    assert "No lead waits." in read(await office.types("luis", "lead next"))
    lead = await office.lead_arrives()

    told = await office.types("luis", "lead next")

    assert f"#{lead} Dana R." in read(told) and ids_of(told) == [f"lb:claim:{lead}"]


async def test_a_lead_that_nobody_may_take_is_told_and_found_among_the_exceptions(office: DiscordOffice) -> None:
    lead = await office.lead_arrives(property_state="UT", property_zip=None)

    told = await office.is_told("tess", f"Nobody on Austin may take #{lead}", "the company has no license in UT")
    assert labels_of(told) == ["Assign", "Book a time"]
    listed = await office.types("tess", "lead find", name="exceptions")

    assert "1 lead waits that nobody on the team may take." in read(listed)
    assert ids_of(listed) == [f"lb:open:{lead}"]


async def test_who_has_not_called_yet_is_told_which_lead_to_call_first(tmp_path: Path) -> None:
    capped = {"    # open_without_attempt_cap: 3 ": "    open_without_attempt_cap: 1 "}
    async with discord_office(tmp_path, fresh_sqlite(tmp_path), changes=capped) as office:
        lead = await mayas(office)
        other = await office.lead_arrives(first_name="Ann", phone="(512) 555-0111", email="ann@example.com")
        pressed = office.answer_of(await office.presses("maya", await office.card_of(other), "claim"))

        for told in (await office.types("maya", "lead claim", lead=str(other)), await office.types("maya", "lead next"), pressed):
            assert f"Call first: #{lead} waits longest." in read(told)
            assert ids_of(told) == [f"lb:open:{lead}"]


async def test_help_names_what_this_person_can_type_ready_to_be_pressed(office: DiscordOffice) -> None:
    ids = {command.name: command.id for command in await office.leadbell.client.tree.fetch_commands()}

    said = read(await office.types("maya", "lead help"))

    assert f"</lead show:{ids['lead']}>: the lead, as far as you may see it" in said
    assert f"</log:{ids['log']}>: how a call went" in said
    assert "/lead assign" not in said and "@Leadbell" not in said
    assert "/lead assign" in read(await office.types("tess", "lead help"))


async def test_a_manager_who_serves_in_no_team_reads_that_leads_wait_in_those_that_they_manage(office: DiscordOffice) -> None:
    await office.lead_arrives()
    told = read(await office.types("sam", "lead next"))
    assert "You serve in no team, so I hand you no lead. In those that you manage, 1 lead waits for somebody" in told


async def test_a_name_that_was_typed_and_not_picked_is_the_lead_that_has_it(office: DiscordOffice) -> None:
    lead = await mayas(office)

    assert f"#{lead} Dana Rowe" in read(await office.types("maya", "lead show", lead="rowe"))
    assert f"#{lead} Dana Rowe" in read(await office.types("maya", "lead show", lead="0100"))
    assert '"doe" is no lead number. Say it like this: /lead show 1042' in read(await office.types("maya", "lead show", lead="doe"))
    assert '"doe" is no lead number. Say it like this: /lead claim 1042' in read(await office.types("maya", "lead claim", lead="doe"))


async def test_of_several_leads_that_are_meant_nothing_is_done_before_one_is_named(office: DiscordOffice) -> None:
    first = await mayas(office)
    second = await mayas(office, first_name="Ann", phone="(512) 555-0111", email="ann@example.com")

    asked = read(await office.types("maya", "log", lead="rowe", result="connected"))

    assert 'Which lead is "rowe"? Nothing was done yet.' in asked
    assert f"#{first} Dana Rowe, new" in asked and f"#{second} Ann Rowe, new" in asked


async def test_four_digits_are_their_own_lead_s_number_and_else_may_be_the_end_of_a_phone(office: DiscordOffice) -> None:
    luiss = await office.lead_arrives()
    await office.types("luis", "lead claim", lead=f"#{luiss}")
    anns = await mayas(office, first_name="Ann", phone=f"(512) 555-{luiss}", email="ann@example.com")

    asked = read(await office.types("maya", "log", lead=str(luiss), result="connected"))
    assert f"#{luiss} " in asked and f"#{anns} Ann Rowe" in asked and "Nothing was done yet." in asked
    assert "is with Luis Ortega" in read(await office.types("maya", "log", lead=f"#{luiss}", result="connected"))
    assert f"#{luiss} Dana Rowe" in read(await office.types("luis", "lead show", lead=str(luiss)))


async def test_who_says_no_lead_reads_the_command_as_it_is_typed(office: DiscordOffice) -> None:
    assert read(await office.types("luis", "log", result="connected")).endswith("say its number: /log 1042")
    assert read(await office.types("luis", "lead note", words="hello")).endswith("say its number: /lead note 1042")


async def test_what_is_closed_and_nobody_s_is_not_called_free(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    await office.types("tess", "stage", lead=str(lead), stage="withdrawn")
    await office.presses("tess", await office.types("tess", "stage", lead=str(lead), stage="withdrawn"), "end_sure")

    told = read(await office.types("luis", "log", lead=f"#{lead}", result="connected"))

    assert f"#{lead} is closed (withdrawn), and nobody has it. Who leads the team can reopen it" in told
