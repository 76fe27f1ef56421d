"""In a lead's thread a mention of Leadbell knows the lead."""

import pytest

from tests.doubles.office import Office


async def claimed_by_maya(office: Office) -> int:
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.card_of(lead, says="Maya Torres has it")
    return lead


async def test_a_call_is_logged_in_the_threads_own_words(any_office: Office) -> None:
    office = any_office
    lead = await claimed_by_maya(office)

    await office.writes("maya", "@Leadbell log connected left her a voicemail", under=lead)

    await office.hears("maya", f"Logged for #{lead}: Connected.")
    await office.thread_says(lead, "Maya Torres: Connected.")


@pytest.mark.parametrize("words", ["hey @Leadbell log connected", "log connected @Leadbell", "@Leadbell @Leadbell log connected"])
async def test_the_mention_may_stand_anywhere(office: Office, words: str) -> None:
    lead = await claimed_by_maya(office)

    await office.writes("maya", words, under=lead)

    await office.hears("maya", f"Logged for #{lead}: Connected.")


async def test_the_answer_stands_in_the_thread_for_nobody_else(office: Office) -> None:
    lead = await claimed_by_maya(office)

    await office.writes("luis", "@Leadbell show", under=lead)

    await office.hears("luis", f"#{lead}: *Dana R.*")
    [answer] = [message for message in await office.messages() if message.get("ephemeral_to") == "U0LUIS"]
    assert answer["thread_ts"] == (await office.card_of(lead))["ts"]


async def test_a_typo_is_asked_back_about_the_same_lead(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.writes("maya", "@Leadbell lgo vm", under=lead)
    await office.hears("maya", 'I do not know "lgo". Did you mean log?')

    await office.presses("maya", f"log #{lead} vm", lead)

    await office.thread_says(lead, "Maya Torres: Left a voicemail.")


async def test_log_without_words_offers_the_usual_results(office: Office) -> None:
    lead = await claimed_by_maya(office)

    await office.writes("maya", "@Leadbell log", under=lead)
    await office.hears("maya", f"How did it go with #{lead}?")
    await office.presses("maya", "No answer", lead)

    await office.thread_says(lead, "Maya Torres: No answer.")


@pytest.mark.parametrize("words", ["@Leadbell", "@Leadbell show 1001", "good morning @Leadbell"])
async def test_elsewhere_a_mention_gets_the_help(office: Office, words: str) -> None:
    await office.lead_arrives()

    await office.writes("maya", words)

    await office.hears("maya", "This is what you can type.")


async def test_a_stranger_who_mentions_leadbell_is_told_why_nothing_happens(office: Office) -> None:
    lead = await office.lead_arrives()

    await office.writes("nina", "@Leadbell claim", under=lead)

    await office.hears("nina", "I do not know you yet")
    await office.card_of(lead, says="callable till")
