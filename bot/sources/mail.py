"""A lead in a vendor's email: ADF or JSON, what its page says for programs, or lines such as "Phone: (512) 555-0100"."""

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.sources.adf import leads_in
from bot.sources.generic import parse
from bot.sources.mapping import FieldMap
from bot.sources.new_lead import NewLead
from bot.sources.reading import Fields, read_body
from bot.sources.unreadable import Unreadable

MAIL = "text/x-lead-mail"
"""How the words of a mail are kept beside other requests."""
_ADF = re.compile(r"(<|&lt;)\s*adf\b", re.IGNORECASE)
_LINE = re.compile(r"[\s>*•-]*([^\W_][^:\t\n]{0,59}?)[ ]*[:\t][ \t]*(.*)")
_OF_THE_PAGE = re.compile(r"(lead_[a-z0-9_]{1,60}): (.*)")
_OF_THE_FORMAT = frozenset(("lead_information_version", "lead_type"))
MOST_LINES = 200
LONGEST_LINE = 1000


def words_for_reading(words: str, documents: Sequence[str], lead: Mapping[str, str]) -> str:
    """All that a mail says, as one text: an attached ADF or JSON document alone, or what its page says for programs above its words."""
    document = next((each for each in documents if _ADF.search(each) or each.lstrip("\ufeff \r\n").startswith("{")), None)
    if document is not None and not _ADF.search(words):
        return document
    tags = [f"{name}: {said}" for name, said in lead.items() if name not in _OF_THE_FORMAT]
    return "\n".join([*tags, words])


def leads_in_mail(words: str, field_map: FieldMap) -> Sequence[NewLead]:
    """The leads in the text of a mail, named by its source as `field_map` says. Raises Unreadable where nobody could be called back."""
    if _ADF.search(words):
        return leads_in(words.encode(), "utf-8", field_map)
    if words.lstrip("\ufeff \r\n").startswith("{"):
        return [parse(read_body("application/json", words.encode()), field_map)]
    lines = [line[:LONGEST_LINE] for line in words.splitlines()[:MOST_LINES]]
    tags = {found[1]: found[2] for line in lines if (found := _OF_THE_PAGE.fullmatch(line))}
    if tags:
        try:
            return [parse(Fields(tags, []), field_map)]
        except Unreadable:
            pass  # its words may say more
    fields: dict[str, str] = {}
    for name, value in _said(lines, field_map):
        fields.setdefault(name, value)
    return [parse(Fields(fields, []), field_map)]


def _said(lines: Sequence[str], field_map: FieldMap) -> Iterator[tuple[str, str]]:
    """Names and values, line by line. A name that stands alone has the next line that says something."""
    waiting = None
    for line in lines:
        sentence = next((said for each in field_map.lines if (said := each.read(line))), None)
        if sentence is not None:
            yield from sentence.items()
            waiting = None
            continue
        found = _LINE.match(line)
        if found is not None:
            waiting = None if found[2].strip() else found[1].strip()
            if found[2].strip():
                yield found[1].strip(), found[2].strip()
        elif waiting is not None and (value := line.strip("> \t")):
            yield waiting, value
            waiting = None
