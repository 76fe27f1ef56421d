"""A letter as it travels: plain text and HTML beside each other, with headers that no stranger's words can add to."""

import html
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime

import css_inline

from bot.outreach.post import Letter


class _Policy(EmailPolicy):
    """Writes addresses on one line: folded, ours would be put in a code that no mail program reads in these headers, and a long name would
    lose its quotes and be read as several addresses."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name in ("Message-ID", "List-Unsubscribe", "From", "To", "Reply-To") and value.isascii():
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


def mime_of(letter: Letter) -> EmailMessage:
    """The message with its headers."""
    message = EmailMessage(policy=_POLICY)
    message["Message-ID"] = letter.message_id
    message["Date"] = format_datetime(letter.written_at)
    message["From"] = Address(_as_typed(letter.from_name), addr_spec=letter.from_address)
    message["To"] = Address(addr_spec=letter.to)
    if letter.reply_to is not None:
        message["Reply-To"] = Address(addr_spec=letter.reply_to)
    message["Subject"] = _as_typed(letter.subject)
    if letter.unsubscribe_url is None:
        message["Auto-Submitted"] = "auto-generated"
    else:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(_plain(letter))
    message.add_alternative(_INLINER.inline(_page(letter)), subtype="html")
    message["Content-Language"] = letter.language  # only now: what is set before moves into the first part
    # The same letter has the same boundary: a second try is the same email to the byte.
    message.set_boundary(f"=_{letter.message_id.strip('<>').partition('@')[0]}")
    return message


def _as_typed(words: str) -> str:
    """Words for a header. What looks like a code for other words would be decoded, and may hold the beginning of another header."""
    return words.replace("=?", "= ?")


def _plain(letter: Letter) -> str:
    ending = [f"{letter.unsubscribe}: {letter.unsubscribe_url}"] if letter.unsubscribe_url else []
    return "\n".join([letter.words, "", "--", *letter.below, *ending]) + "\n"


def _page(letter: Letter) -> str:
    paragraphs = "".join(f"<p>{html.escape(each).replace(chr(10), '<br>')}</p>" for each in letter.words.split("\n\n"))
    below = "".join(f'<p class="below">{html.escape(each)}</p>' for each in letter.below)
    if letter.unsubscribe_url:
        below += f'<p class="below"><a href="{html.escape(letter.unsubscribe_url)}">{html.escape(letter.unsubscribe)}</a></p>'
    return (
        f'<!DOCTYPE html><html lang="{letter.language}"><head><meta charset="utf-8"><title>{html.escape(letter.subject)}</title>'
        f"<style>{_STYLE}</style></head><body><div>{paragraphs}<hr>{below}</div></body></html>"
    )
