"""A letter as it travels: plain text and HTML beside each other, with headers that no stranger's words can add to."""

import html
import re
from binascii import b2a_qp
from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from functools import lru_cache

import css_inline

from bot.outreach.post import Letter
from bot.rules.clicking import pieces


class _Policy(EmailPolicy):
    """Writes addresses on one line: folded, a long name would lose its quotes and be read as several addresses."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name != "Subject" and value.isascii():
            return f"{name}: {value}{self.linesep}".encode("ascii")
        folded: bytes = super().fold_binary(name, value)
        return folded


_POLICY = _Policy(linesep="\r\n", cte_type="7bit")  # what every server on the way takes as it is, so that a signature holds
_INLINER = css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False)
_STYLE = """
body { margin: 0; background: #ffffff; }
div { max-width: 36em; padding: 16px; font: 16px/1.5 Helvetica, Arial, sans-serif; color: #1a1a1a; }
p { margin: 0 0 1em; }
p.below { margin: 0 0 4px; font-size: 13px; color: #5a5a5a; }
hr { margin: 24px 0 12px; border: 0; border-top: 1px solid #dddddd; }
a { color: #5a5a5a; }
"""
_PLAIN_ADDRESS = re.compile(r"[\w+-][\w.+-]{0,60}@[\w-]+(\.[\w-]+)+", re.ASCII)
_LONGEST_LINE = 998
"""Characters that the line of a mail may have."""


def _tags() -> dict[str, str]:
    """The opening tags that letters are made of, with their styles in them: worked out once, since mail programs read no style sheets."""
    sample = '<body><div><p>p</p><hr><p class="below">b<a href="h">a</a></p></div></body>'
    inlined = _INLINER.inline(f"<html><head><style>{_STYLE}</style></head>{sample}</html>")
    found = re.findall(r"<(?:body|div|p|hr|a)\b[^>]*>", inlined)
    return dict(zip(("body", "div", "p", "hr", "below", "a"), found, strict=True))


_TAG = _tags()


def content_of(letter: Letter) -> bytes:
    """The mail with its headers. The same letter is the same to the byte, so a second try is the same email."""
    boundary = f"=_{letter.message_id.strip('<>').partition('@')[0]}"
    head = [
        f"Message-ID: {letter.message_id}",
        f"Date: {format_datetime(letter.written_at)}",
        _address("From", letter.from_name, letter.from_address),
        _address("To", "", letter.to),
        *([_address("Reply-To", "", letter.reply_to)] if letter.reply_to is not None else []),
        _subject(letter.subject),
        *(
            ["Auto-Submitted: auto-generated"]
            if letter.unsubscribe_url is None
            else [f"List-Unsubscribe: <{letter.unsubscribe_url}>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
        ),
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
        f"Content-Language: {letter.language}",
    ]
    parts = (_part("plain", _plain(letter)), _part("html", _page(letter)))
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return ("\r\n".join(head) + f"\r\n\r\n{body}--{boundary}--\r\n").encode("ascii")


@lru_cache(maxsize=1000)
def _address(header: str, name: str, address: str) -> str:
    """The header of one sender or receiver, the name in whatever letters."""
    if not name and _PLAIN_ADDRESS.fullmatch(address):
        return f"{header}: {address}"
    message = EmailMessage(policy=_POLICY)
    message[header] = Address(_as_typed(name), addr_spec=address)
    return _POLICY.fold_binary(header, message[header]).decode("ascii").rstrip("\r\n")


@lru_cache(maxsize=1000)
def _subject(words: str) -> str:
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = _as_typed(words)
    return _POLICY.fold_binary("Subject", message["Subject"]).decode("ascii").rstrip("\r\n")


def _as_typed(words: str) -> str:
    """Words for a header. What looks like a code for other words would be decoded, and may hold the beginning of another header."""
    return words.replace("=?", "= ?")


def _part(kind: str, words: str) -> str:
    """One of the two, in letters that every server on the way takes as they are."""
    lines = words.splitlines()
    if words.isascii() and all(len(line) <= _LONGEST_LINE for line in lines):
        coding, written = "7bit", "\r\n".join(lines)
    else:
        coding, written = "quoted-printable", b2a_qp("\n".join(lines).encode(), istext=True).decode("ascii").replace("\n", "\r\n")
    return f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: {coding}\r\n\r\n{written}\r\n'


def _plain(letter: Letter) -> str:
    ending = [f"{letter.unsubscribe}: {letter.unsubscribe_url}"] if letter.unsubscribe_url else []
    return "\n".join([_with_links(letter, _as_written, _bare), "", "--", *letter.below, *ending]) + "\n"


def _with_links(letter: Letter, words: Callable[[str], str], link: Callable[[str, str], str]) -> str:
    """What somebody wrote, its addresses led through ours where they are counted."""
    through = iter(letter.links)
    return "".join(link(piece, next(through, piece)) if is_link else words(piece) for piece, is_link in pieces(letter.words))


def _as_written(words: str) -> str:
    return words


def _bare(_shown: str, address: str) -> str:
    return address


def _linked(shown: str, address: str) -> str:
    return _TAG["a"].replace('href="h"', f'href="{html.escape(address)}"') + f"{html.escape(shown)}</a>"


def _page(letter: Letter) -> str:
    written = _with_links(letter, html.escape, _linked)
    paragraphs = "\n".join(f"{_TAG['p']}{each.replace(chr(10), '<br>')}</p>" for each in written.split("\n\n"))
    below = "\n".join(f"{_TAG['below']}{html.escape(each)}</p>" for each in letter.below)
    if letter.unsubscribe_url:
        below += f"\n{_TAG['below']}{_linked(letter.unsubscribe, letter.unsubscribe_url)}</p>"
    picture = f'<img src="{html.escape(letter.picture)}" width="1" height="1" alt="">\n' if letter.picture else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{letter.language}"><head><meta charset="utf-8"><title>{html.escape(letter.subject)}</title></head>\n'
        f"{_TAG['body']}{_TAG['div']}\n{paragraphs}\n{_TAG['hr']}\n{below}\n{picture}</div></body></html>"
    )
