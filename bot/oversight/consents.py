"""What a borrower agreed to and took back, with what the gate says of each channel now; and the same as a table for compliance."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.conversation.mailing import footer_of
from bot.errors import LeadbellError
from bot.in_force import InForce
from bot.leads.press import NoSuchLead, Press
from bot.leads.working import MayNotWork, NotWorked, NotYourLead, allowed
from bot.outreach import emails, texts
from bot.outreach.calls import judgement
from bot.outreach.reach import find_reach
from bot.rules.compliance import Judgement, Refused
from bot.rules.emailing import EmailRule, MayNotLeave
from bot.rules.phones import read_phone
from bot.rules.roles import may
from bot.rules.text import harmless_cell
from bot.services import Services
from bot.store.consents import Agreed, ContactFile, consents_of_key, consents_of_lead
from bot.store.installation import contact_key
from bot.store.last_opened import keep_last_opened
from bot.store.people import officer
from bot.store.views import LeadView, lead_view

COLUMNS = (
    "contact", "kind", "what", "at (UTC)", "given", "channel or supplied by", "reason", "open again at (UTC)", "text", "version", "url",
    "ip", "user agent", "trustedform", "certificate", "jornaya", "sellers", "names us",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ConsentFile:
    """The file of a lead's borrowers, and the gate's answers of this moment to an officer's own words and call."""

    lead: LeadView
    texts: Judgement
    calls: Judgement
    email: EmailRule | None
    contacts: tuple[ContactFile, ...]


_person = select(officer.c.role, officer.c.active, officer.c.nmls_id).where(officer.c.id == bindparam("by"))


async def look(services: Services, pressed: Press) -> ConsentFile | NotWorked:
    """The file, for who works the lead or watches over the law."""
    return await services.store.transact(file_of, pressed, services.in_force)


def file_of(session: Session, by: Press, in_force: InForce) -> ConsentFile | NotWorked:
    """The same in one transaction."""
    refused, *_ = allowed(session, by, leaders_too=True, cover_too=True)
    person = session.connection().execute(_person, {"by": by.officer_id}).one()
    watches = person.active and may(person.role, "judge_opt_out")
    if refused is not None and not (watches and isinstance(refused, NotYourLead | MayNotWork)):
        return refused
    lead = lead_view(session, by.lead)
    if lead is None:
        return NoSuchLead(by.lead)
    keep_last_opened(session, by.officer_id, by.lead, by.at)
    number, address = find_reach(session, by.lead, "sms"), find_reach(session, by.lead, "email")
    by_email: EmailRule | None = "email_no_address"
    if address is not None:
        verdict = emails.judge(session, lead, address, "conversation", footer_of(in_force.config, person.nmls_id or "none"), by.at)
        by_email = verdict.rule if isinstance(verdict, MayNotLeave) else None
    return ConsentFile(
        lead=lead,
        texts=texts.judge(session, lead, number, "conversation", by.at) if number else Refused("no_phone"),
        calls=judgement(lead, by.at),
        email=by_email,
        contacts=tuple(consents_of_lead(session, by.lead)),
    )


def table_of_consents(session: Session, hash_key: bytes, lead: int | None, phone: str | None) -> tuple[str, int]:
    """Everything that was agreed to and closed on the phones and emails of a lead, or on one phone or email, as CSV, and how many rows.
    Raises LeadbellError where neither or both are named, or the phone cannot be read."""
    if (lead is None) == (phone is None):
        raise LeadbellError("Name either --lead or --phone.")
    files = consents_of_lead(session, lead) if lead is not None else _of_contact(session, hash_key, phone or "")
    table, rows = io.StringIO(newline=""), [row for each in files for row in _rows(each)]
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    writer.writerows([harmless_cell(cell) for cell in row] for row in rows)
    return table.getvalue(), len(rows)


def _of_contact(session: Session, hash_key: bytes, said: str) -> list[ContactFile]:
    kind, value = ("email", said.strip().lower()) if "@" in said else ("phone", read_phone(said))
    if value is None:
        raise LeadbellError("This is no phone number and no email address.")
    return consents_of_key(session, contact_key(hash_key, kind, value), value)


def _rows(file: ContactFile) -> Iterator[list[str]]:
    for each in file.agreed:
        yield [
            file.value, file.kind, "consent", _said([each.given_at or each.recorded_at]), _yes(each.given), each.supplied_by or "", "", "",
            *(part or "" for part in (each.text, each.version, each.url, each.ip, each.user_agent, each.trustedform_url)),
            _certificate(each), each.jornaya_id or "",
            ", ".join(each.sellers), _yes(each.names_us),
        ]  # fmt: skip
    for closed in file.closed:
        yield [
            file.value, file.kind, "closed", _said([closed.at]), "", closed.channel, closed.reason, _said([closed.lifted_at]),
            *[""] * 10,
        ]  # fmt: skip


def _certificate(agreed: Agreed) -> str:
    """ "retained 2026-11-28", "not retained: expired" or "link only"; nothing without one."""
    kept = agreed.certificate
    if kept is not None and kept.retained_at is not None:
        return f"retained {kept.retained_at.date().isoformat()}"
    if kept is not None and kept.gave_up_because is not None:
        return f"not retained: {kept.gave_up_because}"
    return "link only" if agreed.trustedform_url else ""


def _said(times: Iterable[object]) -> str:
    return next((at.isoformat(timespec="seconds") for at in times if hasattr(at, "isoformat")), "")


def _yes(said: bool | None) -> str:
    return "" if said is None else "yes" if said else "no"
