"""A lead in a vendor's email: ADF or JSON as its text, or lines such as "Phone: (512) 555-0100"."""

import re
from collections.abc import Sequence

from bot.sources.adf import leads_in
from bot.sources.generic import parse
from bot.sources.mapping import FieldMap
from bot.sources.new_lead import NewLead
from bot.sources.reading import Fields, read_body

_ADF = re.compile(r"(<|&lt;)\s*adf\b", re.IGNORECASE)
_LINE = re.compile(r"[\s>*•-]*([^\W_][^:\n]{0,59}?)\s*:[ \t]*(\S.*)")
MOST_LINES = 200


def leads_in_mail(words: str, field_map: FieldMap) -> Sequence[NewLead]:
    """The leads in the text of a mail, named by its source as `field_map` says. Raises Unreadable where nobody could be called back."""
    if _ADF.search(words):
        return leads_in(words.encode(), "utf-8", field_map)
    if words.lstrip().startswith("{"):
        return [parse(read_body("application/json", words.encode()), field_map)]
    fields: dict[str, str] = {}
    for line in words.splitlines()[:MOST_LINES]:
        if (found := _LINE.match(line)) and found[1].strip() not in fields:
            fields[found[1].strip()] = found[2].strip()
    return [parse(Fields(fields, []), field_map)]
