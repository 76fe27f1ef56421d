"""Whether an agreement that somebody else collected names us, and whether its words agree to calls, recordings and texts."""

import re
import unicodedata
from collections.abc import Iterable

_ASIDE = (
    r"\bdo[- ]not[- ]call(?:\W+\w+){0,2}?\W+(?:lists?|registr\w+)"
    r"|\bcalls?[- ](?:cent(?:er|re)s?|to[- ]action)\b"
    r"|\b(?:call|calling|dial|phone)(?=(?:\s*(?:/|\b(?:and|or)\b)\s*\w+)?\s+(?:us|our|customer|support)\b)"
    r"|\b(?:call|calling|dial)(?=(?:\s+(?!(?:me|you|my|your|the|this|these|and|or|with|using|about|for)\b)[\w'’.&-]{1,30}){0,5}"
    r"\s+[(+]*(?:1[-. (]+)?\d{3})"
    r"|\b(?:empresa|compa[ñn][ií]a|prestamista|firma|entidad|agencia|banco|negocio)\s+llamad[oa]s?\b|\bllamar(?=\s+al?\s+[(+]*\d)"
    r"|\bno[- ](?:matter|obligation|cost|charge|purchase|later|more than|condition)\b"
    r"|\bwithout (?:any )?(?:limit\w*|obligation|cost|charge)\b"
    r"|(?:\bnot|n['’]t)\s+(?:limited|only|just|merely|solely|mind|a condition)\b"
    r"|\bno\s+(?:s[oó]lo|solamente|limitad\w+|(?:es )?(?:una )?condici[oó]n)\b"
    r"|\bsin (?:l[ií]mit\w*|cost[oe]|cargo|obligaci[oó]n|compromiso)\b"
)
"""What looks like a call or like a no, and is neither: a registry, how to reach the company, "not limited to"."""
_TURN = (
    r"[;!?]|\.(?=\s|$)|\n\s*\n|\b(?:but|however|although|though|pero|sino|aunque)\b"
    r"|(?:,|\b(?:and|y))\s+(?=(?:I|you|we|yo|usted|ustedes|(?:hereby )?(?:agree|consent|authorize|accept)|acepto|autorizo)\b)"
)
"""Where a no ends."""
_NO = (
    r"\b(?:no|not|never|cannot|nor|neither|without|stop|refus\w+|declin\w+|opt(?:ed|ing|s)?[- ]out|revok\w+|withdr[ae]w\w*|except\w*"
    r"|exclud\w+|other than|rather than|instead of|object to|prohibit\w*|disagree\w*|disallow\w*|dont|wont|cant"
    r"|nunca|jam[aá]s|tampoco|ni|sin|salvo|excluy\w+|rechaz\w+)\b|n['’]t\b"
)
_REFUSED_AFTER = (
    r"(?!\s*[:=–—-]*\s*(?:(?:are|is)\s+)?"
    r"(?:no\s*(?:$|[.,;!)\n])|(?:not|never)\s+(?:ok\w*|allowed|wanted|welcome|permitted|accepted|please)))"
)
_PHONE = (
    r"(?:tele)?phone\b(?!\s*(?:numbers?|dial\w*|systems?|lines?|bills?|carriers?|compan\w+|providers?|apps?|no\b|#|text\w*|messag\w*|sms))"
)
_OTHER_WAYS = r"(?:(?:the|e-?mails?|text(?:s|[- ]messages?)?|sms|mail)\b\s*(?:(?:[,/]|\band/or\b|\band\b|\bor\b)\s*)*){0,8}"
_OTHER_WAYS_ES = r"(?:(?:textos?|mensajes? de texto|sms|correo(?: electr[oó]nico)?|email)\b\s*(?:(?:[,/]|\b[yo]\b)\s*)*){0,8}"
_CALLS = (
    r"\b(?:calls?|calling|call-?backs?|dial)\b"
    r"|\b(?:be|being|been|get|both|also|\w{1,30}ed,?\s+(?:and|or|and/or))\s+called\b|/called\b|\bcalled(?=\s*(?:/|\bor\b|\band\b)\s*text)"
    r"|\b(?:be|being)\s+(?:tele)?phoned\b|\b(?:tele)?phone\s+(?:me|you|my|your|conversations?|solicitations?|communications?)\b"
    rf"|\b(?:by|via|through|over|using)\s+{_OTHER_WAYS}{_PHONE}"
    r"|\bllamadas?\b|\bllamar(?:me|les?|los?|las?|te)?\b|\bll[aá]m[ae]n?me\b|\b(?:me|les?)\s+llamen?\b|\b(?:ser|o|u|y|e)\s+llamad[oa]s?\b"
    rf"|\bpor\s+(?:v[ií]a\s+)?{_OTHER_WAYS_ES}(?:tel[eé]fono\b|telef[oó]nic\w+)|\btelef[oó]nicamente\b"
    r"|\b(?:contactos?|comunicaci[oó]n(?:es)?|v[ií]a)\s+telef[oó]nic\w+"
)
_RECORDINGS = (
    r"\b(?:pre-?recorded|artificial (?:or pre-?recorded )?voices?|recorded (?:voices?|messages?)"
    r"|pregrabad[ao]s?|voz artificial|mensajes? grabados?)\b"
)

_TEXTS = r"\b(?:texts|texting|text[- ]?messag\w*|sms|mms|text me|(?:by|via|and|or) text|mensajes? de texto)\b|/text\b"


def _heard(what: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<aside>{_ASIDE})|(?P<turn>{_TURN})|(?P<no>{_NO})|(?P<what>(?:{what}){_REFUSED_AFTER})", re.IGNORECASE)


CALLS, RECORDINGS, TEXTS = _heard(_CALLS), _heard(_RECORDINGS), _heard(_TEXTS)
NAMES_TEXTS = re.compile(_TEXTS, re.IGNORECASE)
_LEGAL_FORM = re.compile(r"\b(?:llc|l l c|inc|incorporated|corp|corporation|co|company|ltd|lp|llp|na|n a)\b")


def names_company(text: str | None, sellers: Iterable[str], company: Iterable[str]) -> bool:
    """Whether the words shown, or the sellers listed with them, name the company by one of its names; its legal form may be left out."""
    said = [_plain(each) for each in (text or "", *sellers)]
    names = [name for each in company if (name := _plain(_LEGAL_FORM.sub(" ", _plain(each))))]
    return any(f" {name} " in f" {words} " for words in said for name in names)


def agrees_to(what: re.Pattern[str], words: str) -> bool:
    """Whether the words agree to calls, recordings or texts: they name them somewhere with no "no" before it in its sentence.

    A number to be reached at names no call, nor do "a company called Acme" or a line that says how to call the company.
    """
    refused = False
    for found in what.finditer(words):
        if found.lastgroup == "what" and not refused:
            return True
        if found.lastgroup in ("no", "turn"):
            refused = found.lastgroup == "no"
    return False


def _plain(words: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", unicodedata.normalize("NFKC", words).casefold()).split())
