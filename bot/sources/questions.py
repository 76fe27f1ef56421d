"""Forms that send their questions along: each has an id, and the words that people read."""

from bot.sources.field_names import known_header
from bot.sources.mapping import FieldMap


def name_of_question(field_map: FieldMap, *names: object) -> str:
    """The first of a question's names that is mapped or known; else the last one, under which people will read the answer."""
    written = [str(name) for name in names if name not in (None, "")]
    understood = (name for name in written if field_map.field_of(name) or known_header(name))
    return next(understood, written[-1] if written else "question")
