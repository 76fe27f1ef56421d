"""What borrowers text while nobody hears them is not lost: it is read back from the phone network, once and in its order."""

import re

import pytest

from tests.doubles.office import Office
from tests.stories.test_texts_out import claimed_by_maya


async def test_what_was_texted_while_leadbell_was_closed_is_told_when_it_opens(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.borrower_texts("Before")
    await office.thread_says(lead, "Before")
    await office.closes()

    assert (await office.borrower_texts("Are you closed?"))["answered"] == 0
    assert (await office.borrower_texts("I will wait"))["answered"] == 0
    await office.do("clock", advance_s=600)
    await office.opens()

    await office.thread_says(lead, "I will wait")
    line = await office.thread_says(lead, "Are you closed?")
    assert "it reached us late:" in line and "<@U0MAYA>" in line
    await office.told("maya", "#1001 Dana R. texted at 12:", "it reached us late", "I will wait")
    thread = await office.thread_of(lead)
    assert [part for line in thread for part in ("Before", "Are you closed?", "I will wait") if part in line] == [
        "Before",
        "Are you closed?",
        "I will wait",
    ]


async def test_an_opt_out_that_was_texted_meanwhile_holds(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.closes()
    await office.borrower_texts("please stop texting me")

    await office.opens()

    await office.thread_says(lead, "please stop texting me")
    await office.types("maya", f"/lead text {lead} Hello again")
    await office.hears("maya", "They opted out of texts.")


async def test_a_network_that_does_not_answer_is_asked_again_and_nothing_is_told_twice(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.do("faults", kind="webhook_never", method="webhook.inbound")
    await office.borrower_texts("Hello?")
    await office.borrower_texts("Anybody?")
    await office.thread_says(lead, "Anybody?")
    assert office.services is not None

    await office.do("faults", kind="error_5xx", method="Messages.list")
    office.services.missed.set()

    async def asked() -> bool:
        return any(each["method"] == "Messages.list" and each.get("error") for each in await office.log())

    await office.until(asked, "a question that failed")
    office.services.missed.set()
    await office.thread_says(lead, "Hello?")
    await office.until(office.nothing_is_owed, "everything shown")
    assert f"{await office.thread_of(lead)}".count("Anybody?") == 1


async def test_what_was_texted_in_a_long_outage_is_read_back_though_somebody_texts_as_it_ends(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.closes()
    await office.borrower_texts("Are you there? \0")
    await office.do("clock", advance_s=3 * 3600)
    await office.do("faults", kind="error_5xx", method="Messages.list")
    await office.opens()
    await office.borrower_texts("Hello again")
    await office.thread_says(lead, "Hello again")
    assert office.services is not None

    office.services.missed.set()

    await office.thread_says(lead, "Are you there?")


async def test_more_than_a_page_of_texts_is_read_back(texting_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.outreach.sms.PAGE", 2)
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.closes()
    for place in range(7):
        await office.borrower_texts(f"Word {place}")

    await office.opens()

    await office.thread_says(lead, "Word 6")
    thread = await office.thread_of(lead)
    assert [words for line in thread for words in re.findall(r"Word \d", line)] == [f"Word {place}" for place in range(7)]
