"""The formats in which sources speak to us: how each proves itself, what it says, and what it expects to hear."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import orjson

from bot.sources import google_ads
from bot.sources.adf import read_adf
from bot.sources.generic import parse
from bot.sources.google_ads import acknowledge, read_google_ads
from bot.sources.lendingtree import IN_JSON, IN_XML, read_lendingtree
from bot.sources.mapping import FieldMap, Replies
from bot.sources.meta import read_graph_lead
from bot.sources.new_lead import NewLead
from bot.sources.proof import Proof, by_field, by_key, by_signature
from bot.sources.reading import read_body
from bot.sources.request import Kept, LeadRequest, Reply
from bot.sources.typeform import read_typeform
from bot.sources.vendors_test import as_test
from bot.sources.wordings import read_yes_no
from bot.sources.zillow import read_zillow, say_reference


@dataclass(frozen=True, slots=True)
class Format:
    """`read` raises Unreadable, and VendorsTest where a vendor tries whether it is heard: `reply` answers that as well.

    `not_understood` is heard by a vendor who would stop sending at a 4xx, None tells what is wrong. A vendor who `takes_changes` may send
    other content under an id that it used: the lead learns what is new.
    """

    read: Callable[[LeadRequest, FieldMap], Sequence[NewLead]]
    proof: Proof
    reply: Callable[[Sequence[Kept]], Reply]
    not_understood: Reply | None = None
    takes_changes: bool = True


def read_fields(request: LeadRequest, field_map: FieldMap) -> Sequence[NewLead]:
    """One lead, by whatever names its source gives things; raises VendorsTest where the field that says so says it."""
    fields = read_body(request.content_type, request.body)
    if field_map.test is not None and read_yes_no(str(fields.get(field_map.test))):
        raise as_test(lambda: parse(fields, field_map))
    return [parse(fields, field_map)]


def say_plainly(kept: Sequence[Kept]) -> Reply:
    """The number of the lead, of the first where a request held several; null after a test."""
    first = kept[0] if kept else None
    return Reply(200, orjson.dumps({"lead": first and first.lead, "duplicate": first is not None and first.duplicate}))


VENDOR = Format(read_fields, by_key(), say_plainly)
"""What a vendor speaks that has names, words, a key and an answer of its own, and nothing else."""
GENERIC = replace(VENDOR, takes_changes=False)
FORMATS: Mapping[str, Format] = {
    "generic": GENERIC,
    "adf": Format(read_adf, by_key(), say_plainly),
    "google_ads": Format(read_google_ads, by_field(*google_ads.KEYS), acknowledge, google_ads.ACKNOWLEDGED),
    "lendingtree": Format(read_lendingtree, by_key(), IN_JSON.say_kept, IN_JSON.say_not_understood()),
    "lendingtree_xml": Format(read_lendingtree, by_key(), IN_XML.say_kept, IN_XML.say_not_understood()),
    "zillow": Format(read_zillow, by_key(), say_reference),
    "meta": Format(read_graph_lead, by_signature("X-Hub-Signature-256", encoding="hex"), say_plainly),  # fetched: an event only tells of it
    "typeform": Format(read_typeform, by_signature("Typeform-Signature", encoding="base64"), say_plainly, say_plainly(())),
}


def mapped(base: Format, proof: Proof | None, replies: Replies | None) -> Format:
    """A format with another key or another answer, as a config writes them."""
    spoken = replace(base, proof=proof or base.proof)
    return spoken if replies is None else replace(spoken, reply=replies.say_kept, not_understood=replies.say_not_understood())


def with_application(spoken: Format, application_url: str) -> Format:
    """Zillow's format, whose borrowers can begin an application at this address."""
    return replace(spoken, reply=partial(say_reference, application_url=application_url))
