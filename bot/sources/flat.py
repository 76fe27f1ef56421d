"""A request's fields laid flat: one line of text for each value, under its name, nested names joined by dots."""

from collections.abc import Iterable, Iterator, Mapping

from bot.sources.field_names import known_header

_LONGEST_KEY = 200
"""Characters of one level of a name: no sender means more, and each level stands again before all that is nested in it."""

PHONES = {"phone": None, "mobile_phone": "mobile", "home_phone": "home", "work_phone": "work"}
SEVERAL = frozenset((*PHONES, "consent.given"))


def flat_fields(fields: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    """Name and text of every value that is not null. A list of plain values is one text, a list of phones or of answers is several."""
    for key, value in fields.items():
        name = f"{above}.{key[:_LONGEST_KEY]}" if above else key[:_LONGEST_KEY]
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, Mapping):
            yield from flat_fields(value, name)
        elif isinstance(value, (list, tuple)):
            yield from _flat_list(value, name)
        elif value is not None:
            yield name, _as_text(value)


def gather(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Names and values as fields; a name that comes again has the list of its values."""
    fields: dict[str, object] = {}
    again: dict[str, list[object]] = {}
    for name, value in pairs:
        if name in again:
            again[name].append(value)
        elif name in fields:
            fields[name] = again[name] = [fields[name], value]
        else:
            fields[name] = value
    return fields


def _flat_list(values: list[object] | tuple[object, ...], name: str) -> Iterator[tuple[str, str]]:
    plain = [_as_text(value) for value in values if value is not None and not isinstance(value, (Mapping, list, tuple))]
    if known_header(name) in SEVERAL:
        yield from ((name, text) for text in plain)
    elif plain:
        yield name, ", ".join(plain)
    nested = {str(at): value for at, value in enumerate(values) if isinstance(value, (Mapping, list, tuple))}
    yield from flat_fields(nested, name)


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
