"""A mail program loads the picture in an email: /lead show says that it was perhaps opened; all get the same picture."""

import re

import aiohttp

from bot.handlers.web.mail_opens import PIXEL
from tests.doubles.office import Office
from tests.stories.test_clicking import WORDS, counting_office
from tests.stories.test_emails_out import SUBJECT, emailed

__all__ = ["counting_office"]


async def asked(url: str, method: str = "GET") -> bytes:
    """The picture; it is one of ours, is kept nowhere and leaves no cookie."""
    async with aiohttp.ClientSession() as session, session.request(method, url, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Content-Type"], answer.headers["Cache-Control"]) == (200, "image/gif", "no-store")
        assert "Set-Cookie" not in answer.headers and answer.headers["Content-Length"] == str(len(PIXEL))
        return await answer.read()


async def picture_sent(office: Office) -> tuple[int, str]:
    """Maya emailed Dana; the lead, and the address of the picture in the page, which the plain text has not."""
    lead = await emailed(office, SUBJECT, WORDS)
    await office.thread_says(lead, "Sent")
    email = await office.email_arrives()
    assert "/p/" not in email["words"]
    [address] = re.findall(r'<img src="([^"]+)" width="1" height="1" alt="">', email["page"])
    await office.skip(minutes=5)
    return lead, str(address)


async def test_a_loaded_picture_is_a_hint_in_lead_show(counting_office: Office) -> None:
    office = counting_office
    lead, address = await picture_sent(office)

    assert await asked(address) == PIXEL

    await office.types("maya", f"/lead show {lead}")
    await office.hears("maya", f"emailed “{SUBJECT}”", "Sent; perhaps opened", "(mail programs load pictures by themselves)")


async def test_who_asks_for_the_head_or_with_a_wrong_token_learns_and_leaves_nothing(counting_office: Office) -> None:
    office = counting_office
    lead, address = await picture_sent(office)

    assert await asked(address, "HEAD") == b""
    for wrong in (address[:-1] + ("0" if address[-1] != "0" else "1"), f"{office.url}/p/1", f"{office.url}/p/%C3%B1{'9' * 3000}"):
        assert await asked(wrong) == PIXEL

    await office.types("maya", f"/lead show {lead}")
    shown = await office.hears("maya", f"emailed “{SUBJECT}”", "Sent")
    assert "perhaps opened" not in shown


async def test_where_nothing_is_counted_an_email_has_no_picture(emailing_office: Office) -> None:
    office = emailing_office
    await emailed(office, SUBJECT, WORDS)

    email = await office.email_arrives()

    assert "<img" not in email["page"]
