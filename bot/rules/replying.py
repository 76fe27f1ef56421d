"""What somebody answers by email: their new words without the mail that they answer, and the address that tells which one it is."""

import re

from bot.rules.signed import SHORT, is_mark, mark
from bot.rules.text import clean

MOST_READ = 100_000
"""Characters of an email that are looked at: more is a book, or meant to keep us busy."""
_QUOTED = re.compile(r"\s{0,8}>")
_BEGINS = re.compile(r"\s{0,8}(On|El|Le|Am) \S", re.IGNORECASE)
_WROTE = re.compile(r".{0,400}\b(wrote|escribi[oó]|ha escrito)\s?:\s*", re.IGNORECASE)
_NAMES_WHO = re.compile(r"[@\d]")
_LONGEST_INTRODUCTION = 4
"""Lines over which a mail program may break "On Tue, Apr 17, Maya Torres wrote:"."""
_ORIGINAL = re.compile(
    r"\s{0,8}-{2,} ?(original message|mensaje original|original email|forwarded message|mensaje reenviado) ?-{2,}\s*", re.IGNORECASE
)
_FROM = re.compile(r"\s{0,8}\*?(from|de):\*? ?\S", re.IGNORECASE)
_OTHER_HEADER = re.compile(r"\s{0,8}\*?(sent|date|to|subject|cc|enviado|enviado el|fecha|para|asunto):\*?", re.IGNORECASE)
_RULE = re.compile(r"[\s_*=-]*")
_SIGNATURE = re.compile(r"--\s?")
_DEVICE = re.compile(
    r"\s{0,8}(sent (from|via|with) .{1,60}|get outlook for .{1,30}|enviado (desde|con) .{1,60}|obtener outlook para .{1,30})", re.IGNORECASE
)
_LINES_BELOW_A_DEVICE = 3
_ANSWERS = re.compile(r"(?<![^\s:\]])(?:(?:re|rv|fwd?|aw|sv|res)\s?(?:\[\d{1,3}\])?\s?:|\[[^\[\]]{1,40}\])", re.IGNORECASE)
"""What mail programs and their gateways put before a subject: "Re:", "[EXTERNAL]"."""
_ADDRESS = re.compile(r"[^@\s]{0,64}\+([1-9]\d{0,17})-([0-9a-f]{20})@[^@\s]{1,255}", re.ASCII)


def new_words(text: str) -> str:
    """What is new in an answer: without quoted lines, without the signature, and what stands above "On Tuesday Maya wrote:", or below what
    she wrote where nothing does.

    Empty where nothing is new, as where somebody answers with a picture alone.
    """
    lines = clean(text[:MOST_READ]).split("\n")
    ends = _where_it_ends(lines)
    return _unsigned([line for line in lines[:ends] if not _QUOTED.match(line)]) or _unsigned(_below(lines[ends:]))


def _below(lines: list[str]) -> list[str]:
    """What somebody wrote below the mail that they quote from its first line on. Our own words may stand there as well: in another mail
    further below, or as the end of a quoted line that was broken."""
    over = _introduces(lines, 0) if lines else 0
    lines = [">" if _QUOTED.match(line) else line.strip() for line in lines[over:]]
    if not over or next(filter(None, lines), "") != ">":
        return []
    said: list[str] = []
    broken = False
    for line in lines[: _where_it_ends(lines)]:
        if _SIGNATURE.fullmatch(line):
            break
        broken = line == ">" or (broken and line != "")
        if not broken:
            said.append(line)
    return [] if any("://" in line for line in said) else said  # the end of our mail, with the link to unsubscribe


def _unsigned(lines: list[str]) -> str:
    for at, line in enumerate(lines):
        if _SIGNATURE.fullmatch(line) and any(map(str.strip, lines[:at])):
            lines = lines[:at]
            break
    lines = _without_rules_below(lines)
    for at in range(max(0, len(lines) - _LINES_BELOW_A_DEVICE), len(lines)):
        if _DEVICE.fullmatch(lines[at]):
            lines = lines[:at]
            break
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in _without_rules_below(lines))).strip()


def _where_it_ends(lines: list[str]) -> int:
    """The line at which the mail begins that is answered."""
    for at, line in enumerate(lines):
        if _ORIGINAL.fullmatch(line) or _introduces(lines, at):
            return at
        if _FROM.match(line) and any(_OTHER_HEADER.match(each) for each in lines[at + 1 : at + 5]):
            return at
    return len(lines)


def _introduces(lines: list[str], at: int) -> int:
    """Over how many lines "On Tue, Apr 17, 2040 at 12:00 PM Maya Torres <loans@acme.example> wrote:" goes that begins in this one."""
    if _WROTE.fullmatch(lines[at]) and _NAMES_WHO.search(lines[at]):
        return 1
    if not _BEGINS.match(lines[at]):
        return 0
    for end in range(at + 1, min(at + _LONGEST_INTRODUCTION, len(lines))):
        said = " ".join(lines[at : end + 1])
        if _WROTE.fullmatch(said) and _NAMES_WHO.search(said):
            return end + 1 - at
    return 0


def _without_rules_below(lines: list[str]) -> list[str]:
    while lines and _RULE.fullmatch(lines[-1]):
        lines = lines[:-1]
    return lines


def new_subject(subject: str, ours: str) -> str:
    """What somebody wrote into the subject of their answer, in small letters; empty where they left ours, whatever their mail program put
    before it."""
    said, known = _bare(subject), _bare(ours)
    return _bare(f" {said} ".replace(f" {known} ", " ")) if known else said


def repeats_a_subject(subject: str) -> bool:
    """Whether a subject is that of the mail which is answered, as mail programs say it."""
    return _ANSWERS.match(subject.lstrip()) is not None


def _bare(subject: str) -> str:
    return " ".join(_ANSWERS.sub(" ", subject.casefold()).split())


def reply_address(home: str, hash_key: bytes, email_id: int) -> str:
    """Where answers to one email of ours go: our mailbox, with a mark that nobody else can make."""
    mailbox, _, domain = home.rpartition("@")
    return f"{mailbox}+{email_id}-{mark(hash_key, 'reply', str(email_id), SHORT)}@{domain}"


def answered_email(hash_key: bytes, address: str) -> int | None:
    """The email of ours that goes with such an address; None where the mark is not ours."""
    found = _ADDRESS.fullmatch(address.casefold())
    if found is None or not is_mark(found[2], hash_key, "reply", found[1], SHORT):
        return None
    return int(found[1])
