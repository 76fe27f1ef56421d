"""A team lead begins a sequence for many leads: the count, the number that is typed, the line at the end, and all of it taken back."""

from pathlib import Path

from bot.rules.drips import is_held_out
from tests.doubles.databases import fresh_sqlite
from tests.doubles.office import Office, office_at_work
from tests.stories.test_texts_out import AGREED


async def two_leads(office: Office) -> None:
    for place in (1, 2):
        await office.lead_arrives(**AGREED, phone=f"(512) 555-014{place}", email=f"d{place}@example.com", last_name=f"R{place}")
    await office.lead_arrives(phone="(512) 555-0143", email="d3@example.com", last_name="R3")


async def test_a_team_lead_counts_types_the_number_and_hears_what_became_of_it(texting_office: Office) -> None:
    office = texting_office
    await two_leads(office)
    await office.presses("maya", "Claim", 1001)
    await office.told("maya", "Yours: #1001")

    await office.types("tess", "/drip many new lead segment purchase stage new")
    told = await office.hears("tess", "3 leads of your teams fit.")
    assert "New lead texts may begin for 2. Not for the others: 1 without consent to texts." in told
    assert "/drip confirm 2" in told
    await office.types("tess", "/drip confirm 3")
    await office.hears("tess", 'Nothing begins: you typed "3", and I named 2.')
    await office.types("tess", "/drip confirm 2")

    await office.hears("tess", "New lead texts begin now for 2 leads, a few at a time.")
    await office.told("tess", "New lead texts began for 2 leads.")
    await office.types("tess", "/drip list")
    await office.hears("tess", "#1001 Dana R.: New lead texts: 0 of 5 sent.", "#1002 Dana R.: New lead texts: 0 of 5 sent.")
    await office.skip(minutes=10)

    async def left() -> list[str]:
        return await office.texts_to("+15125550141")

    assert "this is Maya Torres" in (await office.until(left, "the first text"))[0]


async def test_all_of_it_is_taken_back_before_anything_leaves(texting_office: Office) -> None:
    office = texting_office
    await two_leads(office)
    await office.types("tess", "/drip many new lead stage new")
    await office.hears("tess", "/drip confirm 2")
    await office.types("tess", "/drip confirm 2")
    await office.told("tess", "New lead texts began for 2 leads.")

    await office.types("tess", "/drip recall")

    await office.hears("tess", "No more New lead texts of this group begin, and those that run end now")
    await office.told("tess", "took New lead texts for many leads back: they ended for 2 leads.")
    await office.skip(minutes=20)
    await office.until(office.nothing_is_owed, "everything shown")
    assert await office.texts_to() == []


async def test_who_is_held_out_is_named_before_and_after(tmp_path: Path) -> None:
    left_out = [lead for lead in (1001, 1002) if is_held_out("new_lead", lead, 40)]
    assert len(left_out) == 1, "one of the two, whichever"
    changes = {"# overrides:": "drips:\n  holdout_percent: 40\n\n# overrides:"}
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), texting=True, changes=changes) as office:
        await two_leads(office)
        await office.types("tess", "/drip many new lead stage new")
        told = await office.hears("tess", "New lead texts may begin for 1.")
        assert "1 of 2 is held out, to be compared with in /drip report." in told
        await office.types("tess", "/drip confirm 1")
        await office.told("tess", "New lead texts began for 1 lead. 1 of 2 is held out")


async def test_leads_are_looked_for_in_the_words_of_lead_find(any_office: Office) -> None:
    office = any_office
    texas = await office.lead_arrives(**AGREED, first_name="Ann", last_name="Rowe", loan_purpose="refinance")
    await office.lead_arrives(phone="(512) 555-0142", email="d2@example.com", last_name="R2")
    oklahoma = {"property_state": "OK", "property_zip": "73101", "loan_purpose": "refinance"}
    await office.lead_arrives(**oklahoma, phone="(405) 555-0143", email="d3@example.com", last_name="R3")

    await office.types("tess", "/lead find refinance TX newer than 30 days")
    await office.hears("tess", f"#{texas}: *Ann R.*")
    await office.types("tess", "/lead find refinance")
    await office.hears("tess", "2 leads fit: segment refinance.")
    await office.types("tess", "/lead find state texsa")
    await office.hears("tess", 'I know no state "texsa". Did you mean one of these? Texas')
    await office.types("tess", "/drip many new lead refinance TX newer than 30 days")

    await office.hears(
        "tess",
        "I looked for: segment refinance; state Texas; came in within the last 30 days.",
        "1 lead of your teams fits.",
    )


async def test_an_officer_counts_nothing_and_unclear_words_are_asked_back(texting_office: Office) -> None:
    office = texting_office

    await office.types("maya", "/drip many new lead stage new")
    await office.hears("maya", "you cannot do this.")
    await office.types("tess", "/drip many new lead")
    await office.hears("tess", "For which leads?")
    await office.types("tess", "/drip many new lead segment pastclients")
    await office.hears("tess", 'I know no segment "pastclients". Did you mean one of these? past client')
    await office.types("tess", "/drip many new lead TX whoever")
    await office.hears("tess", 'I do not understand "whoever".', "older than 90 days")
    await office.types("tess", "/drip recall")
    await office.hears("tess", "You began nothing for many leads")
