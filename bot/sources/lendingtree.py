"""LendingTree's referrals, in XML or JSON: loosely typed, nested as it likes, and sometimes with a number that only forwards."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from string import Template

from bot.rules.phones import MASKED
from bot.sources.field_names import plain_name
from bot.sources.flat import flat_fields, gather
from bot.sources.generic import parse
from bot.sources.mapping import FieldMap, Replies
from bot.sources.new_lead import NewLead
from bot.sources.reading import Fields, read_body
from bot.sources.request import LeadRequest
from bot.sources.vendors_test import as_test
from bot.sources.wordings import read_yes_no

IN_JSON = Replies(
    kept=Template('{"success": true, "reference": "$lead"}'),
    not_understood=Template('{"success": false, "error": "Neither a phone nor an email was understood."}'),
)
IN_XML = Replies(
    kept=Template("<Response><Success>true</Success><Reference>$lead</Reference></Response>"),
    not_understood=Template("<Response><Success>false</Success><Error>Neither a phone nor an email was understood.</Error></Response>"),
    content_type="application/xml",
)
_MASKED = "The phone only forwards: it tells neither where the borrower is nor who else they are."
_AROUND = frozenset(("request", "lead", "leadrequest", "referral"))
_QF_NAMES = frozenset(("qfname", "applicationid", "refid"))  # three words of theirs for the same number


def read_lendingtree(request: LeadRequest, field_map: FieldMap) -> Sequence[NewLead]:
    """The lead of one referral; raises VendorsTest. Its QF name, under which they are told what became of it, stays in `extra`."""
    sent = read_body(request.content_type, request.body)
    fields = gather(_by_leaf(sent))
    by_plain_name = {plain_name(name): value for name, value in fields.items()}
    if not by_plain_name.get("trackingnumber"):
        qf_name = next((value for name, value in by_plain_name.items() if name in _QF_NAMES and value), None)
        fields |= {"external_id": qf_name}
    read = partial(parse, Fields(fields, list(sent.notes)), field_map)
    if _says_yes(by_plain_name, "istest"):
        raise as_test(read)
    lead = read()
    if not (lead.phones and _says_yes(by_plain_name, "ismaskedphone")):
        return [lead]
    phones = tuple(replace(phone, kind=MASKED) for phone in lead.phones)
    return [replace(lead, phones=phones, notes=(*lead.notes, _MASKED))]


def _says_yes(fields: Mapping[str, object], name: str) -> bool:
    return bool(read_yes_no(str(fields.get(name))))


def _by_leaf(sent: Fields) -> Iterator[tuple[str, str]]:
    """Each value without the elements that only wrap a person or a loan; what stands in a list of fees or quotes keeps its whole name."""
    for name, text in flat_fields(sent):
        levels = name.split(".")
        while len(levels) > 1 and _only_wraps(levels[0]):
            del levels[0]
        if len(levels) > 1 and levels[-1].lower() == "value":
            del levels[-1]
        yield ".".join(levels), text


def _only_wraps(name: str) -> bool:
    plain = plain_name(name)
    return plain in _AROUND or plain.endswith("information")
