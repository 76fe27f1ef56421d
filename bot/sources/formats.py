"""The formats in which sources speak to us: how each proves itself, what it says, and what it expects to hear."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from bot.sources.generic import parse
from bot.sources.mapping import FieldMap, Replies
from bot.sources.new_lead import NewLead
from bot.sources.proof import Proof, by_key
from bot.sources.reading import read_body
from bot.sources.request import Kept, LeadRequest, Reply


@dataclass(frozen=True, slots=True)
class Format:
    """`read` raises Unreadable. `not_understood` is heard by a vendor who would stop sending at a 4xx, None tells what is wrong.
    A vendor who `takes_changes` may send other content under an id that it used: the lead learns what is new."""

    read: Callable[[LeadRequest, FieldMap], Sequence[NewLead]]
    proof: Proof
    reply: Callable[[Sequence[Kept]], Reply]
    not_understood: Reply | None = None
    takes_changes: bool = True


def read_fields(request: LeadRequest, field_map: FieldMap) -> Sequence[NewLead]:
    """One lead, by whatever names its source gives things."""
    return [parse(read_body(request.content_type, request.body), field_map)]


def say_plainly(kept: Sequence[Kept]) -> Reply:
    return Reply(200, orjson.dumps({"lead": kept[0].lead, "duplicate": kept[0].duplicate}))


GENERIC = Format(read_fields, by_key(), say_plainly, takes_changes=False)
FORMATS: Mapping[str, Format] = {"generic": GENERIC}


def mapped(proof: Proof, replies: Replies | None) -> Format:
    """A format that is only names, a key and an answer, as a config writes it."""
    if replies is None:
        return Format(read_fields, proof, say_plainly)
    return Format(read_fields, proof, replies.say_kept, replies.say_not_understood())
