"""An officer texts a borrower a picture from the lead's thread: it leaves once with the words, and the phone shows it."""

from datetime import timedelta

import aiohttp
import pytest

from bot.store.message_files import MessageFile, forget_files
from tests.doubles.office import Office
from tests.doubles.shown import JSON
from tests.doubles.texts import signed
from tests.doubles.workplace import DANAS_NUMBER
from tests.stories.test_pictures import PAPER, PHOTO, links_for, opened
from tests.stories.test_texts_out import claimed_by_maya

LETTER = PAPER * 100


async def arrived(office: Office) -> JSON:
    """The one text of ours on Dana's phone, once it is delivered with all that came with it."""

    async def there() -> JSON | None:
        seen: list[JSON] = (await office.see(f"texts?number={DANAS_NUMBER.replace('+', '%2B')}"))["texts"]
        [*ours] = [text for text in seen if text["direction"] == "outbound-api" and text["status"] == "delivered"]
        assert len(ours) < 2
        return ours[0] if ours else None

    return await office.until(there, "one text on Dana's phone")


async def test_a_picture_and_a_paper_leave_with_the_words_and_the_phone_shows_them(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.writes("maya", "@Leadbell text Here is your letter", under=lead, files={"me.jpg": PHOTO, "letter.pdf": LETTER})

    await office.hears("maya", f"#{lead}: your text is on its way.")
    text = await arrived(office)
    assert text["body"] == signed("Here is your letter")
    photo, paper = text["media"]
    assert (photo["content_type"], photo["size"]) == ("image/jpeg", len(PHOTO))
    assert (paper["content_type"], paper["size"]) == ("application/pdf", len(LETTER))
    async with aiohttp.ClientSession() as session, session.get(office.sandbox.url + photo["kept_at"]) as shown:
        assert await shown.read() == PHOTO
    await office.thread_says(lead, "Delivered. With 2 pictures or papers.")


async def test_a_picture_may_leave_without_a_word_once_they_were_in_touch(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)
    await office.borrower_texts("Where is the letter?")
    await office.thread_says(lead, "Where is the letter?")

    await office.writes("maya", "@Leadbell text", under=lead, files={"letter.pdf": LETTER})

    text = await arrived(office)
    assert (text["body"], len(text["media"])) == ("", 1)


async def test_who_works_the_lead_sees_what_was_sent_and_a_colleague_does_not(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)
    await office.writes("maya", "@Leadbell text Your letter", under=lead, files={"me.jpg": PHOTO})
    await office.hears("maya", "your text is on its way")
    await office.thread_says(lead, "Delivered")

    [link] = await links_for(office, "maya", lead)
    await office.presses("luis", "View", lead)

    await office.hears("luis", "These pictures are for who works the lead.")
    assert (await opened(link))[:2] == (200, PHOTO)


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"page.html": b"<!doctype html><script>alert(1)</script>"}, "A text carries JPEG, PNG and GIF pictures, and PDF."),
        ({"me.jpg": PHOTO, "x.jpg": b"\x00\x00\x00\x18ftypheic"}, "A text carries JPEG, PNG and GIF pictures, and PDF."),
        ({f"{each}.jpg": PHOTO for each in range(11)}, "A text takes at most 10 pictures or papers."),
    ],
    ids=["a page", "heic", "too many"],
)
async def test_what_no_text_carries_is_said_privately_and_nothing_leaves(
    office_of_texts: Office, files: dict[str, bytes], why: str
) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)

    await office.writes("maya", "@Leadbell text Your letter", under=lead, files=files)

    await office.hears("maya", why)
    assert await office.texts_to() == []


async def test_more_than_a_text_can_carry_is_not_read_at_all(office_of_texts: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.handlers.slack.files.LARGEST_SENT", len(PHOTO) - 1)
    office = office_of_texts
    lead = await claimed_by_maya(office)

    await office.writes("maya", "@Leadbell text Your letter", under=lead, files={"me.jpg": PHOTO})

    await office.hears("maya", "That is more than a text can carry, 5 MB in all.")
    assert await office.texts_to() == []


async def test_an_app_that_may_not_read_files_says_what_to_do(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)
    await office.slack_fault("scope_withheld", scope="files:read")

    await office.writes("maya", "@Leadbell text Your letter", under=lead, files={"me.jpg": PHOTO})

    await office.hears("maya", "I could not read what you attached, so nothing left.")
    assert await office.texts_to() == []


async def test_words_that_the_law_minds_keep_their_picture_until_they_may_leave(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)
    await office.writes("maya", "@Leadbell text Lock 6.1% today", under=lead, files={"me.jpg": PHOTO})
    await office.hears("maya", "needs APR and disclosures")

    await office.presses("maya", "Edit", lead)
    await office.screen_of("maya", says="With 1 picture or paper.")
    await office.texts_on_screen("maya", "Call me today")

    text = await arrived(office)
    assert (text["body"], text["media"][0]["size"]) == (signed("Call me today"), len(PHOTO))


async def test_a_file_in_the_thread_that_only_the_team_saw_is_said_to_be_so(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)
    await office.borrower_texts("Where is the letter?")
    await office.thread_says(lead, "Where is the letter?")

    await office.writes("maya", "", under=lead, files={"letter.pdf": LETTER})

    await office.hears("maya", "Only your team saw that.", "To text it with what you attached, write @Leadbell text")


async def test_a_phone_that_takes_no_pictures_is_told_to_who_sent_one(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)
    await office.do("number", number=DANAS_NUMBER, ends="undelivered", error_code=30011)

    await office.writes("maya", "@Leadbell text Your letter", under=lead, files={"me.jpg": PHOTO})

    await office.is_told("maya", "did not arrive", "Their phone or carrier takes no pictures. Send the words alone, or an email.")


async def test_a_lost_answer_sends_no_picture_twice(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)
    await office.do("faults", kind="lost_response", method="Messages.create", times=1)

    await office.writes("maya", "@Leadbell text Your letter", under=lead, files={"me.jpg": PHOTO})

    await office.thread_says(lead, "Delivered. With 1 picture or paper.")
    assert len(await office.texts_to()) == 1


async def test_the_networks_address_is_over_in_time_and_a_changed_one_opens_nothing(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)
    await office.writes("maya", "@Leadbell text Your letter", under=lead, files={"me.jpg": PHOTO})
    link = (await arrived(office))["media"][0]["url"]
    address, _, token = link.rpartition("/")
    message, place, until, signature = token.split(".")

    async with aiohttp.ClientSession() as session, session.head(link) as head:
        assert (head.status, head.headers["Content-Type"]) == (200, "image/jpeg")
    status, content, headers = await opened(link)
    assert (status, content, headers["X-Content-Type-Options"]) == (200, PHOTO, "nosniff")
    for changed in (
        f"{message}.{int(place) + 1}.{until}.{signature}",
        f"{message}.{place}.{int(until) + 1}.{signature}",
        f"{message}.{place}.{until}.{signature[:-1]}{'0' if signature[-1] != '0' else '1'}",
        f"{message}.{place}.{until}",
        "%00",
    ):
        assert (await opened(f"{address}/{changed}"))[0] == 404
    await office.skip(hours=13)
    assert (await opened(link))[0] == 404


async def test_what_left_is_forgotten_and_what_still_waits_is_kept(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)
    await office.writes("maya", "@Leadbell text Lock 6.1% today", under=lead, files={"me.jpg": PHOTO})
    await office.hears("maya", "needs APR and disclosures")
    await office.writes("maya", "@Leadbell text Your letter", under=lead, files={"me.jpg": PHOTO})
    await office.thread_says(lead, "Delivered")
    assert office.services is not None
    kept_back, left = office.all(MessageFile)

    await office.services.store.transact(forget_files, office.services.clock.now() + timedelta(seconds=1))

    assert [each.message_id for each in office.all(MessageFile)] == [min(kept_back.message_id, left.message_id)]
