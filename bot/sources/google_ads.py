"""Lead forms of Google Ads: what was answered stands in a list of columns, and the key in the body."""

from collections.abc import Iterator, Sequence

from bot.sources.flat import gather
from bot.sources.generic import parse
from bot.sources.mapping import FieldMap
from bot.sources.new_lead import NewLead
from bot.sources.questions import name_of_question
from bot.sources.reading import Fields, read_body
from bot.sources.request import Kept, LeadRequest, Reply
from bot.sources.vendors_test import as_test
from bot.sources.wordings import read_yes_no

KEYS = ("google_key", "Google_key")  # Google's own sample has the second
ACKNOWLEDGED = Reply(200, b"{}")
_OF_THE_WIRE = frozenset(("api_version", "is_test", "user_column_data"))


def read_google_ads(request: LeadRequest, field_map: FieldMap) -> Sequence[NewLead]:
    """The lead of one form; raises VendorsTest where Google says that it is one."""
    sent = read_body(request.content_type, request.body)
    fields = Fields(gather(_named(sent, field_map)), list(sent.notes))
    if read_yes_no(str(sent.get("is_test"))):
        raise as_test(lambda: parse(fields, field_map))
    return [parse(fields, field_map)]


def acknowledge(_kept: Sequence[Kept]) -> Reply:
    return ACKNOWLEDGED


def _named(fields: Fields, field_map: FieldMap) -> Iterator[tuple[str, object]]:
    columns = fields.get("user_column_data")
    for column in columns if isinstance(columns, list) else []:
        if isinstance(column, dict):
            yield name_of_question(field_map, column.get("column_id"), column.get("column_name")), column.get("string_value")
    yield from ((name, value) for name, value in fields.items() if name not in _OF_THE_WIRE)
