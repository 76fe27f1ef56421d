"""Forms that send their questions along: each has an id, and the words that people read."""

from itertools import chain

from bot.sources.field_names import known_header
from bot.sources.mapping import FieldMap
from bot.sources.private import why_not_kept


def name_of_question(field_map: FieldMap, *names: object) -> str:
    """The first of a question's names that is mapped or known; else one that says that the answer must not be kept; else the last one,
    under which people will read the answer."""
    written = [str(name) for name in names if name not in (None, "")]
    understood = (name for name in written if field_map.field_of(name) or known_header(name))
    private = (name for name in written if why_not_kept(name) is not None)
    return next(chain(understood, private), written[-1] if written else "question")
