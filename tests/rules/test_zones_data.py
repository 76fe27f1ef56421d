"""The table of places agrees with itself and with what others know."""

import tomllib
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from phonenumbers import PhoneNumber, geocoder
from phonenumbers.tzdata import TIMEZONE_DATA

from bot.rules.zones import state_of_phone, zones_of_phone

STATES: dict[str, dict[str, Any]] = tomllib.loads(files("bot.rules").joinpath("data/places.toml").read_text(encoding="utf-8"))
AREA_CODES = sorted(code for facts in STATES.values() for code in facts["area_codes"].split())
NAMES = {
    "AK": "Alaska",
    "AL": "Alabama",
    "AR": "Arkansas",
    "AZ": "Arizona",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DC": "Washington D.C.",
    "DE": "Delaware",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "IA": "Iowa",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "MA": "Massachusetts",
    "MD": "Maryland",
    "ME": "Maine",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MO": "Missouri",
    "MS": "Mississippi",
    "MT": "Montana",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "NE": "Nebraska",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NV": "Nevada",
    "NY": "New York",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VA": "Virginia",
    "VT": "Vermont",
    "WA": "Washington State",
    "WI": "Wisconsin",
    "WV": "West Virginia",
    "WY": "Wyoming",
}
TERRITORIES = {"AS", "GU", "MP", "PR", "VI"}


def _prefixes(ranges: str) -> set[int]:
    parts = [part.partition("-") for part in ranges.split()]
    return {prefix for first, _, last in parts for prefix in range(int(first), int(last or first) + 1)}


def test_every_state_and_territory_is_there() -> None:
    assert set(STATES) == set(NAMES) | TERRITORIES


def test_no_area_code_belongs_to_two_states() -> None:
    assert len(AREA_CODES) == len(set(AREA_CODES))


@pytest.mark.parametrize("state", sorted(STATES))
def test_what_is_certain_lies_in_the_state_and_in_one_of_its_zones_only(state: str) -> None:
    facts = STATES[state]
    certain = facts.get("certain", {})
    area_codes = [code for where in certain.values() for code in where.get("area_codes", "").split()]
    zips = [prefix for where in certain.values() for prefix in _prefixes(where.get("zips", ""))]
    assert all(ZoneInfo(zone) for zone in facts["zones"])
    assert bool(certain) == (len(facts["zones"]) > 1)
    assert set(certain) <= set(facts["zones"])
    assert len(area_codes) == len(set(area_codes))
    assert set(area_codes) <= set(facts["area_codes"].split())
    assert len(zips) == len(set(zips))
    assert set(zips) <= _prefixes(facts["zips"])


def test_the_library_names_the_same_state_for_every_area_code_it_knows() -> None:
    known, wrong = 0, []
    for code in AREA_CODES:
        place = geocoder.description_for_number(PhoneNumber(country_code=1, national_number=int(f"{code}5550100")), "en")
        state = next((short for short, name in NAMES.items() if place == name or place.endswith(f", {short}")), None)
        known += state is not None
        if state not in (None, state_of_phone(f"+1{code}5550100")):
            wrong.append((code, place))
    assert wrong == []
    assert known > 330


def test_no_area_code_of_the_united_states_that_the_library_knows_is_missing() -> None:
    missing = []
    for code in range(200, 1000):
        place = geocoder.description_for_number(PhoneNumber(country_code=1, national_number=int(f"{code}5550100")), "en")
        if place in NAMES.values() and str(code) not in AREA_CODES:
            missing.append((code, place))
    assert missing == []


def test_every_exchange_that_the_library_places_in_another_zone_is_in_an_area_code_known_to_straddle() -> None:
    by_area_code: dict[str, set[str]] = {}
    for prefix, zones in TIMEZONE_DATA.items():
        if prefix[:1] == "1" and prefix[1:4] in AREA_CODES:
            by_area_code.setdefault(prefix[1:4], set()).update(zones)
    straddling = {code for code, zones in by_area_code.items() if len(zones) > 1}
    table_alone = {code: set(zones_of_phone(f"+1{code}0000000")) for code in straddling}
    assert {code for code, zones in table_alone.items() if len(zones) < 2} == set()
    assert len(straddling) >= 18
