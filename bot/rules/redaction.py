"""What must not be read in chat: social security, account and card numbers and birth dates, taken out of what people write."""

import re

from bot.rules.text import clean

REMOVED = "[number removed]"
MOST_READ = 4000
"""Characters that are looked through: no place shows more of what people write."""
_MAY_BE_CUT = 100
"""Characters before the end of a longer text that are not shown: a number may go on behind it, and would not be known for one."""

_DASH = r"[-\u2010-\u2015\u2212./,_*:|]"
_GAP = rf"(?: {{0,2}}{_DASH} {{0,2}}| {{1,3}})"
_APART = r"(?<![\d$+])(?<!\d[-,./])"  # not the end of a longer number, of money or of a phone
_ENDS = r"(?!\d|[-,./]\d)"
_NOT_MONEY = r"(?!\d|,\d|\.\d|\s*(?:k\b|/|%|a month|per |monthly|al mes|dollars?|d[oó]lares))"
_NOT_PHONE = r"(?!(?:1[ -])?\d{3}[ -]\d{3}[ -]\d{4}(?!\d))"
# Between "account" and its number; not "account balance is", "account has" or "account, call me at".
_UNTIL = (
    r"(?:(?!balance|debt|owe|pay|limit|worth|saved|ha[sv]|about|around|roughly|income|benefit|receive|saldo|tengo"
    r"|call|text|phone|cell|reach|llam)[^\d\n$]){0,30}?"
)

_SSN = re.compile(
    rf"(?<![\d$+])(?<!\d-)\d{{3}}\s{{0,2}}(?P<dash>{_DASH})\s{{0,2}}\d\d\s{{0,2}}(?P=dash)\s{{0,2}}\d{{4}}(?!\d|[-.]\d)"
    rf"|{_APART}(?:\d{{3}}\s{{1,3}}|\(\d{{3}}\) ?)\d\d(?:-|\s{{1,3}})\d{{4}}{_ENDS}"
    r"|(?<![\w*#])[xX*#\u2022]{3}[- ]?[xX*#\u2022]{2}[- ]?\d{4}(?!\d)"
)
# Digit by digit; ten or eleven of them are a phone.
_ONE_BY_ONE = re.compile(rf"(?<!\d)(?<!\d[-., ])\d(?:(?:{_GAP}\d(?!\d)){{11,18}}+|(?:{_GAP}\d(?!\d)){{8}})(?!{_GAP}?\d)")
_SOCIAL = r"(?:ssn|s\.s\.n|ss ?#|ss (?:no|num|number)|itin|ein|tax id|soc sec|social(?: security)?|seguro social)"
_LAST_FOUR = r"(?:last|final|[uú]ltim[oa]s) (?:4|four|cuatro)\b"
_NINE = rf"(?<!\d)\d(?:{_GAP}?\d){{8}}(?!{_GAP}?\d)"
_SSN_SAID = re.compile(
    rf"\b(?P<said>{_SOCIAL}(?:\b|(?<=#)){_UNTIL}(?:{_LAST_FOUR}{_UNTIL})?)(?:{_NINE}|(?<!\d)\d{{4}}(?![ -]?\d)){_NOT_MONEY}",
    re.I,
)
_LAST_FOUR_OF_SSN = re.compile(rf"\b(?P<said>{_LAST_FOUR}{_UNTIL})(?<!\d)\d{{4}}(?!\d)(?=[^\d\n.!?$]{{1,20}}\b{_SOCIAL}\b)", re.I)
_LAST_FOUR_OF_SS = re.compile(rf"\b(?P<said>{_LAST_FOUR}(?: (?:of|of my|my|de mi))? ss\b\W{{0,3}}(?:is |es )?)\d{{4}}(?!\d)", re.I)
_SSN_THEN_SAID = re.compile(
    rf"{_NINE}(?=\W{{0,3}}(?:is|es)\b[^\d\n.!?$]{{0,20}}\b{_SOCIAL}\b)"
    rf"|(?<![\d$])\d{{4}}(?=\W{{0,3}}(?:(?:is|are|es|son)\b[^\d\n.!?$]{{0,20}})?\b{_LAST_FOUR}[^\d\n.!?$]{{1,20}}\b{_SOCIAL}\b)",
    re.I,
)
_ACCOUNT = r"(?:account|acct|a/c|routing|aba|iban|card|visa|mastercard|amex|cuenta|tarjeta)"
_ACCOUNT_SAID = re.compile(rf"\b(?P<said>{_ACCOUNT}\b{_UNTIL}){_NOT_PHONE}\d(?:[ -]?\d){{6,18}}+{_NOT_MONEY}", re.I)
_ENDING = r"(?:number|num\b|no\b|#|ending|ends|last|n[uú]mero|termina\w*)"
_ACCOUNT_ENDING_SAID = re.compile(rf"\b(?P<said>{_ACCOUNT}\b{_UNTIL}{_ENDING}{_UNTIL}){_NOT_PHONE}\d(?:[ -]?\d){{3,18}}+{_NOT_MONEY}", re.I)
_CODE_SAID = re.compile(r"\b(?P<said>(?:cvv2?|cvc|security code|pin)\b\W{0,3}(?:is |es |number |code ){0,2}\W{0,2})\d{3,6}(?!\d)", re.I)
_CARD = re.compile(
    rf"{_APART}(?:\d{{13,19}}|\d{{4}}[- ]\d{{12}}|\d{{8}}[- ]\d{{8}}|\d{{4}}([-. ]{{1,3}})\d{{4}}\1\d{{4}}\1\d{{1,4}}(?:\1\d{{1,3}})?"
    rf"|\d{{4}}([-. ]{{1,3}})\d{{6}}\2\d{{4,5}}){_ENDS}"
)
# Nine digits together are a social security, routing or tax number; twelve and more, or ten that are no phone, an account.
_BARE = re.compile(rf"{_APART}(?<!#)(?:\d\d-\d{{7}}|\d{{9}}|\d{{12,}}|[01]\d{{9}}|[02-9]\d{{10}}){_ENDS}(?!\s*(?:dollars?|d[oó]lares)\b)")
_REFERENCE = re.compile(
    r"\b(?:loan|file|case|mls|parcel|apn|order|confirmation|tracking|reference|ref|policy|escrow|pr[eé]stamo|expediente)\b"
    r"(?: (?:number|num|no|id|is|n[uú]mero|es)\b)*[\s.:#]{0,3}$",
    re.I,
)

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre)\b"
)
_SHORT_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
# Those who borrow were born in these years. A house bought then is taken for a birth too; what closes or funds lies later.
_BIRTH_YEAR = r"(?:19\d\d|200\d|2010)"
_SAID_YEAR = r"(?:\d{4}|\d\d)"


def _full_date(year: str, short_year: str) -> str:
    day = r"\d{1,2}(?:st|nd|rd|th)?"
    numbers = "|".join(rf"\d{{1,2}}{dash}\d{{1,2}}{dash}(?:{year}|{short_year})" for dash in ("-", "/", r"\.", " "))
    return (
        rf"(?:{numbers}|{year}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|{_MONTH}\.? {day},? (?:de |del )?{year}"
        rf"|{day}[-/. ](?:de |of )?{_MONTH}(?:[-/]|\.?,? )(?:de |del )?{year}"
        rf"|{_MONTH}[-/]{day}[-/]{year}|\d{{1,2}}{_SHORT_MONTH}{year})"
    )


_BIRTH_DIGITS = rf"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){_BIRTH_YEAR}"
_BIRTH_DATE = re.compile(rf"{_APART}(?:{_full_date(_BIRTH_YEAR, '[3-9][0-9]')}|{_BIRTH_DIGITS}){_ENDS}", re.I)
_SAID_DATE = (
    rf"(?:{_full_date(_SAID_YEAR, _SAID_YEAR)}|{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)? (?:de |of )?{_MONTH}"
    rf"|\d{{8}}|\d{{6}}|(?:19|20)\d\d|\d{{1,2}}[-/]\d{{1,2}})(?!\d)"
)
_BORN = r"(?:dob|d\.o\.b|born|birth ?date|date of birth|birth ?day|b-?day|nacimiento|nac[ií]|naci[oó]|nacid[oa]|cumplea[nñ]os|mi cumple)\b"
_BIRTH_DATE_SAID = re.compile(rf"\b(?P<said>{_BORN}[^\d\n]{{0,32}}?)\b{_SAID_DATE}", re.I)
_BIRTH_DATE_THEN_SAID = re.compile(rf"(?<!\d){_SAID_DATE}(?=\W{{0,3}}(?:is|was|es)\b[^\d\n.!?]{{0,20}}\b{_BORN})", re.I)
_DIGIT_WORD = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)"
_SPELLED = re.compile(rf"(?<![\w$])(?:{_DIGIT_WORD}|\d{{1,4}})(?:[-., ]{{1,3}}(?:{_DIGIT_WORD}|\d{{1,4}})\b){{2,18}}+", re.I)
_SPACE = re.compile(r"[^\S\n]")
_MAY_HOLD_ONE = re.compile(rf"\d|\b{_DIGIT_WORD}\b", re.I)
_TOKEN = re.compile(r"\S+")
_NUMBERS = re.compile(r"\d(?:[\s().-]*\d){6,}")


def redact(text: str) -> str:
    """The cleaned text with those numbers and dates replaced; phones, ZIPs, money, rates, scores, times and other dates stay.

    Of one that is longer than MOST_READ, its beginning.
    """
    if len(text) > MOST_READ:
        return redact(text[:MOST_READ])[:-_MAY_BE_CUT]
    text = clean(text)
    if not _MAY_HOLD_ONE.search(text):
        return text
    text = without_birth_date(_SPACE.sub(" ", text), REMOVED)
    text = _SPELLED.sub(_unless_spelled, _said_ssn_gone(text, REMOVED))
    for pattern in (_ACCOUNT_SAID, _ACCOUNT_ENDING_SAID, _CODE_SAID):
        text = pattern.sub(rf"\g<said>{REMOVED}", text)
    text = _CARD.sub(lambda found: REMOVED if _passes_luhn(found[0]) else found[0], text)
    for pattern in (_BIRTH_DATE, _SSN, _ONE_BY_ONE):
        text = pattern.sub(REMOVED, text)
    return _BARE.sub(_unless_a_reference, text)


def without_ssn(text: str, instead: str) -> str:
    """The text without social security numbers, whole or the last four of them."""
    return _SSN.sub(instead, _said_ssn_gone(text, instead))


def _said_ssn_gone(text: str, instead: str) -> str:
    for pattern in (_SSN_SAID, _LAST_FOUR_OF_SSN, _LAST_FOUR_OF_SS):
        text = pattern.sub(rf"\g<said>{instead}", text)
    return _SSN_THEN_SAID.sub(instead, text)


def _unless_spelled(found: re.Match[str]) -> str:
    """Digits of which some are spelled out: as long as a social security number, or longer than a phone."""
    tokens = re.findall(r"\w+", found[0])
    length = sum(len(token) if token.isdigit() else 1 for token in tokens)
    return REMOVED if (length == 9 or length > 11) and not all(map(str.isdigit, tokens)) else found[0]


def _unless_a_reference(found: re.Match[str]) -> str:
    """What a file is found by stays: an officer needs it."""
    return found[0] if _REFERENCE.search(found.string, max(0, found.start() - 40), found.start()) else REMOVED


def without_birth_date(text: str, instead: str) -> str:
    """The text without the dates that it says somebody was born on."""
    return _BIRTH_DATE_THEN_SAID.sub(instead, _BIRTH_DATE_SAID.sub(rf"\g<said>{instead}", text))


def without_contact(text: str) -> str:
    """For a shared room: emails and every long run of digits, phones too, are gone as well."""
    return _TOKEN.sub(_unless_an_address, _NUMBERS.sub("[removed]", redact(text)))


def _unless_an_address(found: re.Match[str]) -> str:
    """No pattern with two ends that may be anywhere: of a word without a space such a one tries each pair of them."""
    token = found[0]
    at = token.find("@", 1)
    return "[removed]" if at > 0 and token.find(".", at + 2, len(token) - 1) > 0 else token


def _passes_luhn(card: str) -> bool:
    """The check sum of ISO/IEC 7812, which nine of ten numbers that are no card fail."""
    digits = [int(sign) for sign in reversed(card) if sign.isdigit()]
    return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0
