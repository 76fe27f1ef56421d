"""XML that is none: copied from printed examples, escaped by a mail program, its ampersands bare and its tags never closed."""

import re
from html import unescape

from bot.sources.unreadable import unreadable
from bot.sources.xml_document import Builder, Element

MOST_CHARACTERS = 200_000
"""Of a document that has to be taken apart by hand; one that is well-formed may be longer."""

_NOT_WELL_FORMED = "The XML was not well-formed and was read as well as it could be."
_TAG = re.compile(r"<(/?)([A-Za-z_][\w:.-]*)([^<>]*)>")
_MARK = re.compile(r"<(?=[/!?A-Za-z_])")
_ATTRIBUTE = re.compile(r"""(?<![\w:.-])([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_DTD = re.compile(r"<!doctype(?!\s+html\b)|<!entity\b", re.IGNORECASE)
_NO_TAGS = {"<!--": "-->", "<![CDATA[": "]]>", "<?": ">", "<!": ">"}


def read_broken_xml(text: str, root: str, notes: list[str]) -> Element:
    """What stands between the first <root> and its last end, in any case, escaped or not; names are in lower case.

    Raises Unreadable where there is none, or no end of it: a document without its end was cut on its way, and what is missing may be the
    phone.
    """
    if len(text) > MOST_CHARACTERS:
        message = f"The XML is not valid, and too long to be read all the same: more than {MOST_CHARACTERS:,} characters."
        raise unreadable(413, "too_large", "body", message)
    beginning = re.compile(rf"<{root}\b", re.IGNORECASE)
    if not beginning.search(text):
        text = unescape(text)
    if _DTD.search(text):
        raise unreadable(422, "dtd", "body", "The document has a DTD. Send it without <!DOCTYPE ...>.")
    begin, ends = beginning.search(text), list(re.finditer(rf"</{root}\s*>", text, re.IGNORECASE))
    if begin is None or not ends or ends[-1].start() < begin.start():
        message = f"The body has no whole <{root}>...</{root}>. Check its beginning and its end."
        raise unreadable(422, "invalid_xml", "body", message)
    reader = _Reader()
    reader.read(text[begin.start() : ends[-1].end()])
    if reader.builder.root is None:
        raise unreadable(422, "invalid_xml", "body", f"The tag <{root}> is broken. Check it.")
    notes.append(_NOT_WELL_FORMED)
    return reader.builder.root


class _Reader:
    """Reads any tags; one that is never closed ends with what it stands in."""

    def __init__(self) -> None:
        self.builder = Builder()
        self._open: list[str] = []

    def read(self, text: str) -> None:
        at = 0
        while at < len(text):
            mark = _MARK.search(text, at)
            self._data(text[at : mark.start() if mark else len(text)])
            at = self._mark(text, mark.start()) if mark else len(text)
        while self._open:
            self.builder.end(self._open.pop())

    def _mark(self, text: str, at: int) -> int:
        """Read what begins with < there; return where it ends."""
        opening = next((opening for opening in _NO_TAGS if text.startswith(opening, at)), None)
        if opening is not None:
            end = text.find(_NO_TAGS[opening], at + len(opening))
            if opening == "<![CDATA[" and self._open:
                self.builder.data(text[at + len(opening) : end if end >= 0 else len(text)])
            return end + len(_NO_TAGS[opening]) if end >= 0 else len(text)
        tag = _TAG.match(text, at)
        if tag is None:
            self._data("<")
            return at + 1
        closes, name, rest = tag.group(1), tag.group(2).rpartition(":")[2].lower(), tag.group(3)
        if not closes:
            self._start(name, rest)
        if (closes or rest.rstrip().endswith("/")) and name in self._open:
            while self._open and self._end() != name:
                pass
        return tag.end()

    def _start(self, name: str, rest: str) -> None:
        if self.builder.root is not None and not self._open:
            return  # behind the end of the document
        found = _ATTRIBUTE.finditer(rest)
        self.builder.start(name, {each[1].lower(): unescape(each[2] or each[3] or each[4] or "") for each in found})
        self._open.append(name)

    def _end(self) -> str:
        name = self._open.pop()
        self.builder.end(name)
        return name

    def _data(self, text: str) -> None:
        if text and self._open:
            self.builder.data(unescape(text))
