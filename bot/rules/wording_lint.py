"""What words must not leave as they are: rates and terms without their disclosures, promises, what carriers drop, places left empty."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.rules.sms_segments import tidy

Purpose = Literal["advertising", "conversation", "their_loan"]
"""Advertising is what we wrote beforehand or what leaves by itself. An officer's own words are a conversation, and a borrower who is at
least preapproved hears about their own loan: what is said of that one is no advertisement (comment 2(a)(2)-1.ii on 12 CFR 1026)."""

Code = Literal[
    "rate", "terms", "promise", "carrier", "short_link", "capitals", "empty_place", "no_sender", "no_nmls_id", "no_opt_out"
]  # fmt: skip

SHOWN = 40


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to put right, and the place in the words that it is about; empty where it is about all of them or about what is missing."""

    code: Code
    said: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who has to be named in a first text."""

    company: str


def findings(words: str, purpose: Purpose, *, by_text: bool = True) -> tuple[Finding, ...]:
    """What keeps these words from leaving, each kind once, in the order of a reader who begins with the law.

    `by_text` adds what only carriers mind.
    """
    plain = _plain(words)
    found = [*_rates_and_terms(plain, purpose), *_first(_PROMISE, plain, "promise")]
    if by_text:
        found += _first(_SHAFT_ALWAYS, plain, "carrier")
        found += _first(_CARRIERS_MIND, plain, "carrier") if purpose == "advertising" else []
    found += [*_first(_SHORT_LINK, plain, "short_link"), *_capitals(plain), *_empty_places(plain, purpose)]
    by_code = {each.code: each for each in reversed(found)}
    return tuple(each for each in found if by_code[each.code] is each)


def lacking_in_a_first_text(words: str, sender: Sender) -> tuple[Finding, ...]:
    """What the first text to a number must say and these words do not: the company, its NMLS id, and how to opt out."""
    plain = _plain(words)
    company = " ".join(_plain(sender.company).casefold().split())
    lacking: list[Finding] = []
    if company not in " ".join(plain.casefold().split()):
        lacking.append(Finding("no_sender"))
    if not _NMLS_ID.search(plain):
        lacking.append(Finding("no_nmls_id"))
    if not _OPT_OUT_LINE.search(plain):
        lacking.append(Finding("no_opt_out"))
    return tuple(lacking)


def _plain(words: str) -> str:
    return tidy(unicodedata.normalize("NFKC", words))


_NMLS_ID = re.compile(r"\bNMLS\b\W{0,3}(?:(?:id|no|number|ID)\W{0,3})?\d{3,}")
_OPT_OUT_LINE = re.compile(
    r"\b(?:reply|text|send|respond|answer|responda|env[ií]e|escriba|mande|conteste)\W+(?:with\W+|con\W+|la palabra\W+)?(?:stop|alto"
    r"|basta)\b"
    r"|\bSTOP\b\W+(?:to|para)\b",
    re.IGNORECASE,
)

_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n+")
_FRACTION = r"(?:\d{1,2}[ -])?\d/[248]"
_PERCENT = re.compile(
    rf"(?<![\d.,$/])(?P<number>{_FRACTION}|\d{{1,3}}(?:[.,]\d{{1,4}})?)\s?(?:%|percent\b|per cent\b|pct\b|por ciento\b)", re.IGNORECASE
)
_APR_WORD = r"(?:\bAPR\b|\bannual percentage rate\b|\btasa (?:de )?porcentaje anual\b|\btasa porcentual anual\b)"
_APR = re.compile(rf"%\s?\(?{_APR_WORD}|{_APR_WORD}\W{{1,3}}(?:of |is |de |del |es )?\d", re.IGNORECASE)
_RATE_WORD = re.compile(
    r"\b(?:rates?|interest|fixed|adjustable|ARMs?|APRs?|lock(?:ed)?|tasas?|inter[eé]s|intereses|fij[ao]|mortgages? (?:at|from)"
    r"|hipotecas? (?:al|desde))\b",
    re.IGNORECASE,
)
_NO_RATE = re.compile(
    r"\b(?:down|ltv|dti|commission|tax(?:es)?|fees?|closing|equity|off|discount|inflation|agent|rebate|pmi|insurance|enganche"
    r"|inicial|comisi[oó]n"
    r"|impuestos?|cierre|descuento|seguro)\b",
    re.IGNORECASE,
)
_OWN_LOAN_NOW = re.compile(
    r"\b(?:your (?:current|existing|present|old|other) |you (?:have|pay|got|are paying|were paying)|you'?re paying|currently"
    r"|su (?:tasa|hipoteca|pr[eé]stamo) actual"
    r"|tiene ahora|paga ahora|(?:usted|ahora) (?:tiene|paga))",
    re.IGNORECASE,
)
_RATE_WITHOUT_SIGN = re.compile(
    r"\b(?:rates?|interest|lock(?:ed)?(?: you)?(?: in)?|APR|tasas?|inter[eé]s"
    r"|fij[ao])\b[^.!?\d$]{0,25}(?<![\d$])(?P<after>\d{1,2}[.,]\d{1,3}|\d{1,2} \d/[248])(?![\d%:/]|\s?(?:%|[ap]\.?m\b|k\b))"
    r"|(?<![\d$,.])(?P<before>\d{1,2}[.,]\d{1,3}|\d{1,2} \d/[248])\s(?:fixed|ARM|rate|interest|fija|fijo)\b",
    re.IGNORECASE,
)
_RATE_RANGE = re.compile(
    r"\b(?:rates?|interest|tasas?)\b[^.!?]{0,30}\b(?P<range>(?:low|mid|high|upper)?[ -]?(?:[2-9]'?s|twos|threes|fours|fives|sixes"
    r"|sevens|eights))\b",
    re.IGNORECASE,
)
_MONEY = r"\$\s?\d[\d,.]*(?<![,.])\s?k?"
_MONTHLY = r"(?:\s?/\s?|\s(?:a|per|each|every|al|por|cada)\s)(?:mo\b|months?\b|mes\b)|\s(?:monthly|mensual(?:es)?)\b"
_PAYMENT = re.compile(
    rf"{_MONEY}(?:{_MONTHLY})|\b(?:payments?|P&I|pagos?|mensualidad(?:es)?|cuotas?)\b[^.!?$]{{0,25}}{_MONEY}", re.IGNORECASE
)
_NO_PAYMENT_OF_OURS = re.compile(
    r"\b(?:rent|renting|income|earn|make|makes|salary|wages?|debts?|hoa|dues|tax(?:es)?|insurance|escrow|car|student|child support"
    r"|alimony|renta|alquiler"
    r"|ingresos?|gana|sueldo|salario|deudas?|impuestos?|seguro|auto|carro|coche|manutenci[oó]n)\b",
    re.IGNORECASE,
)
_INSTALLMENTS = re.compile(r"\b\d{2,3} (?:(?:equal|monthly|easy) )*(?:payments|installments|pagos|cuotas|mensualidades)\b", re.IGNORECASE)
_YEARS = re.compile(
    r"\b(?:10|15|20|25|30|40)[ -]?(?:years?|yrs?|a[nñ]os)\b(?=\W+(?:\w+\W+){0,2}?(?:fixed|mortgages?|loans?|terms?|ARMs?|fij[ao]"
    r"|hipotecas?|pr[eé]stamos?|plazo))"
    r"|\b(?:hipotecas?|pr[eé]stamos?|plazo|fij[ao]) (?:\w+ )?(?:a|de) (?:10|15|20|25|30|40) a[nñ]os\b",
    re.IGNORECASE,
)
_FINANCE_CHARGE = re.compile(
    r"\b\d(?:[.,]\d+)?\s(?:discount|origination)\spoints?\b|\b\d(?:[.,]\d+)?\spuntos? de descuento\b"
    rf"|\b(?:origination fee|finance charge|cargo por financiamiento)\b[^.!?$]{{0,20}}{_MONEY}",
    re.IGNORECASE,
)
_DOWN = re.compile(
    rf"(?:\b(?:zero|no|0)|\d{{1,2}}(?:[.,]\d)?\s?%|{_MONEY}|\$0)\s(?:money\s)?down\b"
    r"|\b(?:sin|cero|\d{1,2}(?:[.,]\d)?\s?% de)\s(?:enganche|pago inicial|cuota inicial)\b",
    re.IGNORECASE,
)
_LOWEST_RATE, _HIGHEST_RATE = 1.5, 15.0


def _rates_and_terms(plain: str, purpose: Purpose) -> Iterator[Finding]:
    if purpose == "their_loan":
        return
    with_apr = _APR.search(plain) is not None
    sentences = _SENTENCES.split(plain)
    rates = (said for sentence in sentences for said in _rates(sentence, purpose))
    if not with_apr and (rate := next(rates, None)) is not None:
        yield Finding("rate", _shown(rate))
    terms = next((said for sentence in sentences for said in _terms(sentence, purpose)), None)
    if terms is not None and not (with_apr and _PAYMENT.search(plain) and (_YEARS.search(plain) or _INSTALLMENTS.search(plain))):
        yield Finding("terms", _shown(terms))


def _rates(sentence: str, purpose: Purpose) -> Iterator[str]:
    if purpose == "conversation" and _OWN_LOAN_NOW.search(sentence):
        return
    about_rates = _RATE_WORD.search(sentence) is not None
    for found in _PERCENT.finditer(sentence):
        number, rest = found["number"], sentence[found.end() :]
        in_range = _LOWEST_RATE <= _value(number) <= _HIGHEST_RATE
        if re.match(r"\s(?:money\s)?down\b|\s(?:de\s)?(?:enganche|inicial|pago inicial)\b", rest, re.IGNORECASE) or not in_range:
            continue
        precise = not number.isdigit() and not _NO_RATE.search(sentence)
        if about_rates or precise:
            yield found[0]
    for found in _RATE_WITHOUT_SIGN.finditer(sentence):
        number = found["after"] or found["before"]
        if _LOWEST_RATE <= _value(number) <= _HIGHEST_RATE:
            yield number
    for found in _RATE_RANGE.finditer(sentence):
        yield found["range"].strip()


def _terms(sentence: str, purpose: Purpose) -> Iterator[str]:
    """The trigger terms of 12 CFR 1026.24(d)(1). A down payment triggers nothing in a loan, only in a sale on credit; in what we wrote
    beforehand it is left to compliance all the same, and so is a bare term such as a 30-year fixed."""
    advertises = purpose == "advertising"
    patterns = (_PAYMENT, _INSTALLMENTS, _FINANCE_CHARGE, *((_YEARS, _DOWN) if advertises else ()))
    for pattern in patterns:
        for found in pattern.finditer(sentence):
            theirs = pattern is _PAYMENT and (_NO_PAYMENT_OF_OURS.search(sentence) or _OWN_LOAN_NOW.search(sentence))
            asks = pattern is _PAYMENT and sentence.rstrip().endswith("?")
            if advertises or not (theirs or asks):
                yield found[0]


def _value(number: str) -> float:
    whole, _, fraction = number.replace("-", " ").rpartition(" ")
    if "/" in fraction:
        above, below = fraction.split("/")
        return float(whole or 0) + int(above) / int(below)
    return float(number.replace(",", "."))


_PROMISE = re.compile(
    r"\bguaranteed?\s(?:loan\s)?(?:approvals?|approved|acceptance|to close|lowest|financing)\b|\bapprovals?\s(?:is\s|are\s)?guaranteed\b"
    r"|\bguarantee(?:d)?\s(?:you|your|you'll|that you)\b[^.!?]{0,30}\b(?:approv\w+|loan|rate|close)\b"
    r"|\b(?:everyone|everybody)\s(?:is|gets)\sapproved\b|\binstant(?:ly)? approv\w+"
    r"|\bno credit check (?:needed|required|loans?|mortgages?)\b|\blowest rates?\b"
    r"|\brisk[- ]free\b|\bfree money\b"
    r"|\baprobaci[oó]n (?:garantizada|inmediata|asegurada)\b|\bgarantizamos (?:la|su) aprobaci[oó]n\b|\btodos (?:son )?aprobados\b"
    r"|\bsin (?:revisar|verificar|checar) (?:su |el )?cr[eé]dito\b|\b(?:las? )?tasas? m[aá]s bajas?\b|\bsin riesgos?\b|\bdinero gratis\b",
    re.IGNORECASE,
)
_SHAFT_ALWAYS = re.compile(r"\b(?:porn\w*|xxx+|nudes?|escorts?|cannabis|marijuana|marihuana|kratom)\b", re.IGNORECASE)
_CARRIERS_MIND = re.compile(
    r"\b(?:sex|sexy|vodka|whiske?y|tequila|liquor|beer|firearms?|guns?|ammo|rifles?|vapes?|vaping|cigarettes?|tobacco|tabaco|cbd"
    r"|thc|casinos?|gambling"
    r"|debt consolidation|consolidate (?:your |all your )?debts?|consolidaci[oó]n de deudas|consolide sus deudas|debt relief"
    r"|credit repair"
    r"|reparaci[oó]n de cr[eé]dito|pre-?approved|pre-?aprobad[oa]s?|payday|cash (?:now|today|fast)|act (?:now|fast)|last chance"
    r"|limited time"
    r"|act[uú]e ya|[uú]ltima oportunidad)\b",
    re.IGNORECASE,
)
_SHORT_LINK = re.compile(
    r"(?<![\w.@-])(?:bit\.ly|tinyurl\.com|goo\.gl|t\.co|ow\.ly|is\.gd|v\.gd|buff\.ly|rebrand\.ly|cutt\.ly|shorturl\.at|rb\.gy|t\.ly"
    r"|tiny\.cc|lnkd\.in"
    r"|soo\.gd|s\.id|bl\.ink|adf\.ly|trib\.al|x\.co|qr\.ae|clck\.ru|short\.io)(?![\w@-]|\.\w)",
    re.IGNORECASE,
)
_LETTERS_FOR_CAPITALS, _WORDS_FOR_CAPITALS, _SHARE_OF_CAPITALS = 20, 4, 0.7
_GREETING = r"(?:hi|hello|hey|dear|hola|estimad[oa]|good (?:morning|afternoon|evening)|buen[oa]s (?:d[ií]as|tardes|noches))"
_EMPTY_PLACE = re.compile(
    rf"\b{_GREETING}\s+[,.!:](?![)(-])|\b{_GREETING}\s+(?:none|null|undefined)\b"
    r"|\{\{|\}\}|\{%|%\}|\{\w{1,30}\}"
    r"|\[(?:first|last|full|your|my|borrower|customer|client|officer|company|insert|enter|name|date|amount|nombre|su|fecha|monto"
    r"|empresa)\b[^\]\n]{0,30}\]"
    r"|<(?:first|last|full|your|borrower|officer|company|insert|name|nombre)\b[^>\n]{0,30}>|%%?\w{0,20}name%%?|\*\|\w+\|\*"
    r"|\b(?:at|from|with|de|con)\s+[,.](?=\s|$)|_{3,}",
    re.IGNORECASE,
)
_EMPTY_NMLS = re.compile(r"\bNMLS(?: ?#| id)?:?\s*(?=[,.)\n]|$)")


def _first(pattern: re.Pattern[str], plain: str, code: Code) -> list[Finding]:
    found = pattern.search(plain)
    return [Finding(code, _shown(found[0]))] if found else []


def _capitals(plain: str) -> list[Finding]:
    words: list[str] = re.findall(r"[^\W\d_]{2,}", plain)
    letters = "".join(words)
    shouted = [word for word in words if word.isupper()]
    loud = sum(map(str.isupper, letters)) > _SHARE_OF_CAPITALS * len(letters)
    if len(letters) >= _LETTERS_FOR_CAPITALS and len(shouted) >= _WORDS_FOR_CAPITALS and loud:
        return [Finding("capitals")]
    return []


def _empty_places(plain: str, purpose: Purpose) -> list[Finding]:
    found = _first(_EMPTY_PLACE, plain, "empty_place")
    return found or (_first(_EMPTY_NMLS, plain, "empty_place") if purpose == "advertising" else [])


def _shown(said: str) -> str:
    return " ".join(said.split())[:SHOWN]
