"""States and ZIP codes of the United States as senders write them."""

import re

_STATES = """
AL Alabama, AK Alaska, AZ Arizona, AR Arkansas, CA California, CO Colorado, CT Connecticut, DE Delaware, DC District of Columbia,
FL Florida, GA Georgia, HI Hawaii, ID Idaho, IL Illinois, IN Indiana, IA Iowa, KS Kansas, KY Kentucky, LA Louisiana, ME Maine, MD Maryland,
MA Massachusetts, MI Michigan, MN Minnesota, MS Mississippi, MO Missouri, MT Montana, NE Nebraska, NV Nevada, NH New Hampshire,
NJ New Jersey, NM New Mexico, NY New York, NC North Carolina, ND North Dakota, OH Ohio, OK Oklahoma, OR Oregon, PA Pennsylvania,
RI Rhode Island, SC South Carolina, SD South Dakota, TN Tennessee, TX Texas, UT Utah, VT Vermont, VA Virginia,
WA Washington, WV West Virginia, WI Wisconsin, WY Wyoming, PR Puerto Rico, GU Guam, VI Virgin Islands, AS American Samoa,
MP Northern Mariana Islands
"""
_ZIP = re.compile(r"([0-9]{3,5})(?:[- ]?[0-9]{4})?(?:\.0)?", re.ASCII)
_NOT_LETTERS = re.compile(r"[^a-z]+")


def _codes() -> dict[str, str]:
    codes = {"washingtondc": "DC", "usvirginislands": "VI"}
    for entry in _STATES.replace("\n", " ").split(","):
        code, _, name = entry.strip().partition(" ")
        codes[code.lower()] = codes[name.replace(" ", "").lower()] = code
    return codes


_CODES = _codes()


def read_state(text: str) -> str | None:
    """The two letters of a state, district or territory, from its code or name: "tx", "Texas", "US-TX"; None when it is none."""
    letters = _NOT_LETTERS.sub("", text[:60].lower())
    return _CODES.get(letters) or (_CODES.get(letters[2:]) if letters.startswith("us") else None)


def read_zip(text: str) -> str | None:
    """Five digits; a ZIP+4 loses its four, and the zeros that spreadsheets eat come back; None when it is no ZIP code."""
    code = _ZIP.fullmatch(text.strip())
    return code.group(1).zfill(5) if code else None
