"""The words of an HTML page as a person reads them, quoted mail marked as such, and what portals write in it for programs."""

import re
from html import unescape

MOST_READ = 100_000
"""Characters of a page that are looked at."""
LONGEST_TAG = 4000
_UNREAD = {"style", "script", "head", "title", "template", "svg", "object", "noscript"}
_BLOCKS = {"p", "div", "br", "tr", "li", "ul", "ol", "table", "blockquote", "pre", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "section"}
_VOID = {"br", "hr", "img", "input", "meta", "link", "wbr", "col", "area", "base", "embed", "source", "track", "param"}
_TAG = re.compile(r"(/?)([a-z][a-z0-9]{0,20})(.*)", re.IGNORECASE | re.DOTALL)
_QUOTES = re.compile(r"gmail_quote|yahoo_quoted|moz-cite-prefix|protonmail_quote|appendonsend|divRplyFwdMsg", re.ASCII)
_DEEPEST = 200
_ATTRIBUTE = re.compile(r"""\b(name|content)\s{0,9}=\s{0,9}("[^"]*"|'[^']*')""", re.IGNORECASE)
_MOST_TAGS = 60


class _Reader:
    """Goes through a page once from its beginning to its end: pages are strangers', and some are made to keep a reader busy."""

    def __init__(self) -> None:
        self.lines: list[str] = [""]
        self.lead: dict[str, str] = {}
        self._open: list[tuple[str, bool, bool]] = []  # tag, is unread, is quoted

    def read(self, page: str) -> None:
        at = 0
        while at < len(page):
            begins = page.find("<", at)
            self._words(page[at : begins if begins >= 0 else len(page)])
            if begins < 0:
                return
            comment = page.startswith("<!--", begins)
            ends = page.find("-->" if comment else ">", begins)
            if ends < 0:
                return
            at = ends + (3 if comment else 1)
            if not comment:
                self._tag(page[begins + 1 : min(ends, begins + LONGEST_TAG)])

    def _tag(self, inside: str) -> None:
        found = _TAG.match(inside)
        if found is None:
            return
        closes, tag, rest = found[1], found[2].lower(), found[3]
        if tag == "meta":
            self._meta(rest)
        if tag in ("td", "th") and not closes and self.lines[-1]:
            self.lines[-1] += "\t"
        if tag in _BLOCKS and self.lines[-1].strip():
            self.lines.append("")
        if closes:
            names = [name for name, _, _ in self._open]
            if tag in names:
                del self._open[len(names) - 1 - names[::-1].index(tag) :]
        elif tag not in _VOID and len(self._open) < _DEEPEST:
            self._open.append((tag, tag in _UNREAD, tag == "blockquote" or _QUOTES.search(rest) is not None))

    def _meta(self, attributes: str) -> None:
        said = {name.lower(): unescape(value[1:-1]) for name, value in _ATTRIBUTE.findall(attributes)}
        name, content = said.get("name", "").strip().lower(), said.get("content", "")
        if name.startswith("lead_") and content.strip() and len(self.lead) < _MOST_TAGS:
            self.lead.setdefault(name, " ".join(content.split()))

    def _words(self, text: str) -> None:
        if not text or any(unread for _, unread, _ in self._open):
            return
        words = re.sub(r"\s+", " ", unescape(text))
        if not self.lines[-1]:
            words = words.lstrip()
            if words and any(quoted for _, _, quoted in self._open):
                words = f"> {words}"
        self.lines[-1] += words


def words_of_page(page: str) -> str:
    """The visible words, a line a paragraph; quoted mail begins with ">"."""
    reader = _Reader()
    reader.read(page[:MOST_READ])
    return "\n".join(line.strip() for line in reader.lines).strip()


def lead_of_page(page: str) -> dict[str, str]:
    """What a portal says of a lead in `<meta name="lead_...">`, by these names."""
    if "lead_" not in page[:MOST_READ].lower():
        return {}
    reader = _Reader()
    reader.read(page[:MOST_READ])
    return reader.lead
