"""A borrower sends pictures: who works the lead looks at them through a private link, and each look is written down."""

import base64
from typing import Any

import aiohttp
import pytest
from sqlmodel import select

from bot.conversation.relay import Sms, sms_received
from bot.store.events import Event
from tests.doubles.office import Office
from tests.doubles.shown import JSON, buttons, elements
from tests.doubles.workplace import DANAS_NUMBER

PHOTO = b"\xff\xd8\xff\xe0" + b"a pay stub " * 2000
PAPER = b"%PDF-1.7 a bank statement"


def sent(content: bytes = PHOTO, content_type: str = "image/jpeg") -> JSON:
    return {"content_type": content_type, "data": base64.b64encode(content).decode()}


async def claimed_by_maya(office: Office) -> int:
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.told("maya", f"Yours: #{lead}")
    return lead


async def links_for(office: Office, who: str, lead: int) -> list[str]:
    """Press View in the thread; the links that only this person sees."""
    await office.presses(who, "View", lead)
    await office.hears(who, "for you alone")
    whispers = [message for message in await office.messages() if message.get("ephemeral_to") == f"U0{who.upper()}"]
    return [element["url"] for _, element in elements(whispers[-1]) if "url" in element]


async def opened(link: str) -> tuple[int, bytes, Any]:
    async with aiohttp.ClientSession() as session, session.get(link) as answer:
        return answer.status, await answer.read(), answer.headers


async def looks(office: Office, lead: int) -> list[Event]:
    assert office.services is not None
    seen = select(Event).where(Event.stream == lead, Event.kind == "picture_viewed")
    return await office.services.store.read(lambda session: list(session.exec(seen)))


async def test_who_works_the_lead_looks_at_each_picture_and_each_look_is_written_down(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.borrower_texts("", media=[sent(), sent(PAPER, "application/pdf")])

    await office.thread_says(lead, "sent 2 pictures.")
    assert "View" in buttons(await office.told("maya", "#1001 Dana R. sent 2 pictures."))
    links = await links_for(office, "maya", lead)
    assert len(links) == 2
    answers = [await opened(link) for link in links]
    photo, paper = sorted(answers, key=lambda answer: len(answer[1]), reverse=True)
    assert (photo[0], photo[1]) == (200, PHOTO)
    assert (photo[2]["Content-Type"], photo[2]["Content-Disposition"]) == ("image/jpeg", 'inline; filename="1001.jpg"')
    assert (paper[2]["Content-Type"], paper[2]["Content-Disposition"]) == ("application/pdf", 'attachment; filename="1001.pdf"')
    for _, _, headers in answers:
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert "sandbox" in headers["Content-Security-Policy"]
    assert [event.actor for event in await looks(office, lead)] == ["officer:maya"] * 2


async def test_pictures_with_words_stand_below_the_words(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.borrower_texts("My pay stub", media=[sent()])

    assert "With 1 picture." in await office.thread_says(lead, "My pay stub")
    await office.told("maya", "#1001 Dana R. texted, with 1 picture:", "My pay stub")


async def test_who_leads_the_team_looks_too_and_a_colleague_does_not(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.borrower_texts("My pay stub", media=[sent()])
    await office.thread_says(lead, "My pay stub")

    await office.presses("luis", "View", lead)

    await office.hears("luis", "These pictures are for who works the lead.")
    [link] = await links_for(office, "tess", lead)
    assert (await opened(link))[0] == 200
    assert [event.actor for event in await looks(office, lead)] == ["officer:tess"]


async def test_a_link_is_over_after_a_quarter_of_an_hour_and_a_changed_one_opens_nothing(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.borrower_texts("My pay stub", media=[sent()])
    await office.thread_says(lead, "My pay stub")
    [link] = await links_for(office, "maya", lead)
    address, _, token = link.rpartition("/")
    text, place, officer, until, signature = token.split(".")

    for changed in (
        f"{text}.{place}.{int(officer) + 1}.{until}.{signature}",
        f"{text}.{place}.{officer}.{int(until) + 9999}.{signature}",
        f"{text}.{place}.{officer}.{until}.{signature[:-1]}{'0' if signature[-1] != '0' else '1'}",
        f"{text}.{place}.{officer}.{until}",
        "%00",
        "x" * 3000,
    ):
        status, said, headers = await opened(f"{address}/{changed}")
        assert (status, headers["Content-Type"]) == (410, "text/plain; charset=utf-8")
        assert said.decode() == "This link is over. Press View again where you found it."
    await office.skip(minutes=16)
    assert (await opened(link))[0] == 410
    assert await looks(office, lead) == []


async def test_who_lost_the_lead_meanwhile_sees_nothing_more(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.borrower_texts("My pay stub", media=[sent()])
    await office.thread_says(lead, "My pay stub")
    [link] = await links_for(office, "maya", lead)

    await office.types("tess", f"/lead assign {lead} to Luis")
    await office.told("luis", f"Yours: #{lead}")

    status, said, _ = await opened(link)
    assert (status, said.decode()) == (403, "These pictures are for who works the lead. Ask them, or your team lead.")
    assert await looks(office, lead) == []


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/svg+xml"),
        (b"<!doctype html><script>alert(1)</script>", "image/jpeg"),
        (b"BEGIN:VCARD", "text/vcard"),
        (b"", "image/png"),
    ],
)
@pytest.mark.fault(55)
async def test_what_is_no_picture_is_never_opened_whatever_it_says_of_itself(
    texting_office: Office, content: bytes, content_type: str
) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.borrower_texts("Look", media=[sent(content, content_type)])
    await office.thread_says(lead, "Look")
    [link] = await links_for(office, "maya", lead)

    status, said, headers = await opened(link)

    assert (status, headers["Content-Type"]) == (415, "text/plain; charset=utf-8")
    assert said.decode().startswith("This is no picture that I know, so I do not open it.")


@pytest.mark.parametrize("method", ["Media.list", "Media.content"])
async def test_a_network_in_trouble_is_told_in_words_and_the_link_still_holds(texting_office: Office, method: str) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.borrower_texts("My pay stub", media=[sent()])
    await office.thread_says(lead, "My pay stub")
    [link] = await links_for(office, "maya", lead)
    await office.do("faults", kind="error_5xx", method=method, times=1)

    status, said, _ = await opened(link)

    assert (status, said.decode()) == (502, "The phone network does not answer. Try again in a minute.")
    assert (await opened(link))[1] == PHOTO


@pytest.mark.fault(55)
async def test_a_picture_that_the_network_has_no_more_is_asked_for_again(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    assert office.services is not None
    await sms_received(office.services, Sms("twilio", f"MM{0:032}", DANAS_NUMBER, "My pay stub", pictures=1))
    await office.thread_says(lead, "My pay stub")
    [link] = await links_for(office, "maya", lead)

    status, said, _ = await opened(link)

    assert (status, said.decode().partition(".")[0]) == (404, "The phone network does not have this picture any more")


@pytest.mark.fault(55)
async def test_a_picture_that_is_too_large_is_not_read_to_its_end(texting_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.conversation.pictures.LARGEST", len(PHOTO) - 1)
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.borrower_texts("My pay stub", media=[sent()])
    await office.thread_says(lead, "My pay stub")
    [link] = await links_for(office, "maya", lead)

    status, said, _ = await opened(link)

    assert (status, said.decode().partition(".")[0]) == (413, "This picture is too large to show")


@pytest.mark.fault(87)
async def test_a_program_that_previews_links_looks_at_nothing(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.borrower_texts("My pay stub", media=[sent()])
    await office.thread_says(lead, "My pay stub")
    [link] = await links_for(office, "maya", lead)

    async with aiohttp.ClientSession() as session, session.head(link) as answer:
        assert answer.status == 405

    assert await looks(office, lead) == []


async def test_who_is_asked_whose_words_these_are_sees_the_pictures_that_came_with_them(texting_office: Office) -> None:
    office = texting_office
    await office.borrower_texts("The keys", number="+15125550177", media=[sent()])
    asked = await office.told("tess", "from a number I do not know", "With 1 picture.")

    await office.presses_on(asked, "tess", "View")

    await office.hears("tess", "for you alone")
    whispers = [message for message in await office.messages("D0TESS") if "ephemeral_to" in message]
    [link] = [element["url"] for _, element in elements(whispers[-1]) if "url" in element]
    assert (await opened(link))[1] == PHOTO
    assert [event.actor for event in await looks(office, 0)] == ["officer:tess"]
