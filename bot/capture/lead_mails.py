"""A mail from a vendor, at an address that a source names, is a lead, or waits with who runs Leadbell where nobody understands it."""

from dataclasses import replace
from typing import Literal

from bot.capture import intake
from bot.capture.source_requests import as_it_came, keep_unread
from bot.in_force import SourceInForce
from bot.outreach.incoming import Mail
from bot.services import Services
from bot.sources.mail import MAIL, leads_in_mail, words_for_reading
from bot.sources.request import LeadRequest
from bot.sources.unreadable import Unreadable


def source_of(services: Services, mail: Mail) -> SourceInForce | None:
    """The source whose vendor writes from this address."""
    by_key = {source.key: source.mail_from for source in services.in_force.config.sources}
    found = next((key for key, senders in by_key.items() if mail.sender in senders), None)
    return None if found is None else services.in_force.sources.get(found)


async def take_mail(services: Services, source: SourceInForce, mail: Mail) -> Literal["lead", "unread"]:
    """Keep what the mail holds. The same mail again, by whichever way, is the same lead."""
    words = words_for_reading(mail.words, mail.documents, mail.lead)
    asked = LeadRequest({"content-type": MAIL}, {}, words.encode())
    try:
        leads = leads_in_mail(words, source.map)
    except Unreadable as error:
        await keep_unread(services, source, asked, error.errors)
        return "unread"
    # A mail cannot be refused: what comes under an id that was used is news of that lead, or another one, and never lost.
    told = replace(source, format=replace(source.format, takes_changes=True))
    for place, lead in enumerate(leads):
        named = lead if lead.external_id is not None else replace(lead, external_id=f"mail {mail.key} {place}")
        await intake.receive(services, told, named, None if place else as_it_came(services, source, asked, lead))
    return "lead"
