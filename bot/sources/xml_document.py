"""XML from strangers: read into a tree, or refused. No DTD, no entity of their own, nothing deep, nothing endless."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from bot.sources.flat import gather
from bot.sources.forms import MOST_FIELDS, decode
from bot.sources.unreadable import Unreadable, unreadable

DEEPEST = 16
MOST_ELEMENTS = 4 * MOST_FIELDS
_BEFORE = b"\xef\xbb\xbf \t\r\n"  # senders begin with a mark or a blank line, which a declaration may not follow


@dataclass(slots=True)
class Element:
    """One element: its name without a namespace, in the sender's spelling."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def all(self, *path: str) -> Iterator["Element"]:
        """Every element under this path of names, however their senders spelled upper and lower case."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.name.lower() == path[0]:
                yield from child.all(*path[1:])

    def first(self, *path: str) -> "Element | None":
        return next(self.all(*path), None)

    def text_at(self, *path: str) -> str:
        """The text of the first element there that has one; else nothing."""
        return next((found.text for found in self.all(*path) if found.text), "")


def read_xml(body: bytes, charset: str | None, notes: list[str]) -> Element:
    """The root of a document; raises Unreadable for what is no XML, has a DTD, or is deeper or larger than a lead ever is.

    `charset` is what the transport said; without it the document's own declaration counts, and what is not valid in that is read as
    Windows-1252, with a note.
    """
    if charset is not None:
        return _parse(decode(body, charset, notes))
    try:
        return _parse(body.lstrip(_BEFORE))
    except Unreadable:
        try:
            body.decode()
        except UnicodeDecodeError:
            return _parse(decode(body.lstrip(_BEFORE), "utf-8", notes))
        raise


def _parse(document: bytes | str) -> Element:
    builder = Builder()
    parser = expat.ParserCreate()  # with namespaces it would write a long address before every name: a gigabyte for a mebibyte
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = builder.doctype
    try:
        parser.Parse(document.lstrip() if isinstance(document, str) else document, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: a character set that nobody knows
        where = f" (line {error.lineno}, column {error.offset + 1})" if isinstance(error, expat.ExpatError) else ""
        raise unreadable(422, "invalid_xml", "body", f"The body is not valid XML{where}. Check tags and & there.") from None
    assert builder.root is not None
    return builder.root


def fields_of(element: Element) -> dict[str, object]:
    """An element as the fields of a request: nested elements nest, repeated ones are a list, an attribute is a field of its element."""
    return gather(_pairs(element))


def _pairs(element: Element) -> Iterator[tuple[str, object]]:
    yield from element.attributes.items()
    for child in element.children:
        if child.children:
            yield child.name, fields_of(child)
        if child.text or not child.children:  # what is said around a <br/> is said too
            yield child.name, child.text
        if not child.children:
            yield from ((f"{child.name}.{name}", value) for name, value in child.attributes.items())


class Builder:
    """A tree under construction, within the limits of a document."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1 + len(attributes)
        if self._count > MOST_ELEMENTS:
            message = f"The document has more than {MOST_ELEMENTS} elements. Send one lead at a time."
            raise unreadable(413, "too_many_fields", "body", message)
        if len(self._open) >= DEEPEST:
            message = f"The elements are nested deeper than {DEEPEST} levels. Send a flatter document."
            raise unreadable(422, "too_deep", "body", message)
        own = {_local(each): value for each, value in attributes.items() if each.partition(":")[0] != "xmlns"}
        element = Element(_local(name), own)
        if self._open:
            self._open[-1].children.append(element)
            self._texts[-1].append("\n")
        else:
            self.root = element
        self._open.append(element)
        self._texts.append([])

    def end(self, _name: str) -> None:
        self._open.pop().text = "".join(self._texts.pop()).strip()

    def data(self, text: str) -> None:
        self._texts[-1].append(text)

    def doctype(self, *_: object) -> None:
        raise unreadable(422, "dtd", "body", "The document has a DTD. Send it without <!DOCTYPE ...>.")


def _local(name: str) -> str:
    return name.rpartition(":")[2]
