"""Where a borrower may be: every time zone and state that phone, property and mailing address allow."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import phonenumbers
from phonenumbers import timezone

Zones = tuple[str, ...]  # IANA names, the likeliest first


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What a lead says about where the borrower is: phones in E.164, states as two letters, ZIPs of five digits or ZIP+4."""

    phones: tuple[str, ...] = ()
    property_state: str | None = None
    property_zip: str | None = None
    mailing_state: str | None = None
    mailing_zip: str | None = None


def whereabouts(phones: tuple[str, ...], state: str | None, details: Mapping[str, Any]) -> Whereabouts:
    """The same, from the phones, the state and the details that are kept of a lead."""
    return Whereabouts(
        phones=phones,
        mailing_state=details.get("mailing_state"),
        mailing_zip=details.get("mailing_zip"),
        property_state=state,
        property_zip=details.get("property_zip"),
    )


def candidate_zones(whereabouts: Whereabouts) -> Zones:
    """Every zone the borrower may be in, the property's first; empty when nothing tells."""
    return _merged(
        zones_of_address(whereabouts.property_state, whereabouts.property_zip),
        zones_of_address(whereabouts.mailing_state, whereabouts.mailing_zip),
        *(zones_of_phone(number) for number in whereabouts.phones),
    )


def zones_of_phone(number: str) -> Zones:
    """The zones of the phone's exchange and of its whole area code; empty for toll-free and other numbers without a place."""
    if number.startswith("+1"):
        return _zones_of_us_exchange(number[2:8])
    try:
        return _placed(timezone.time_zones_for_geographical_number(phonenumbers.parse(number)))
    except phonenumbers.NumberParseException:
        return ()


def zones_of_address(state: str | None, zip_code: str | None) -> Zones:
    """The zones of the ZIP, failing that of the state; of both when they contradict each other."""
    by_state = _places().zones_of_state.get(state or "", ())
    by_zip = _places().zones_of_zip.get(_zip_prefix(zip_code), ())
    agreed = tuple(zone for zone in by_zip if zone in by_state)
    return agreed or _merged(by_zip, by_state)


def states_of_zip(zip_code: str | None) -> tuple[str, ...]:
    """The states that share the ZIP's first three digits, mostly one; empty when it is no US ZIP."""
    return _places().states_of_zip.get(_zip_prefix(zip_code), ())


def state_of_phone(number: str) -> str | None:
    """The state that the phone's area code belongs to: where it was bought, not surely where it rings."""
    return _places().state_of_area_code.get(number[2:5]) if number.startswith("+1") else None


@lru_cache(maxsize=8192)
def _zones_of_us_exchange(exchange: str) -> Zones:
    """For the area code and exchange, six digits. The library alone names one zone for most area codes that straddle two."""
    if not (exchange.isascii() and exchange.isdigit() and len(exchange) == 6):
        return ()
    number = phonenumbers.PhoneNumber(country_code=1, national_number=int(exchange) * 10_000)
    by_exchange = _placed(timezone.time_zones_for_geographical_number(number))
    return _merged(by_exchange, _places().zones_of_area_code.get(exchange[:3], ()))


def _placed(zones: Zones) -> Zones:
    """No zones where the library had to guess: its whole list for +1, or "Etc/Unknown"."""
    return () if zones in (_everywhere(), ("Etc/Unknown",)) else zones


@cache
def _everywhere() -> Zones:
    toll_free = phonenumbers.PhoneNumber(country_code=1, national_number=8_000_000_000)
    return timezone.time_zones_for_geographical_number(toll_free)


def _zip_prefix(zip_code: str | None) -> str:
    digits = (zip_code or "")[:5]  # a ZIP that lost its leading zero is shorter, and would name the wrong state
    return digits[:3] if len(digits) == 5 and digits.isascii() and digits.isdigit() else ""


@dataclass(frozen=True, slots=True)
class _Places:
    zones_of_state: dict[str, Zones]
    zones_of_area_code: dict[str, Zones]
    zones_of_zip: dict[str, Zones]
    state_of_area_code: dict[str, str]
    states_of_zip: dict[str, tuple[str, ...]]


@cache
def _places() -> _Places:
    states: dict[str, dict[str, Any]] = tomllib.loads(files("bot.rules").joinpath("data/places.toml").read_text(encoding="utf-8"))
    places = _Places({}, {}, {}, {}, {})
    for state, facts in states.items():
        places.zones_of_state[state] = tuple(facts["zones"])
        zone_of_area_code, zone_of_zip = _certain(facts.get("certain", {}))
        for code in facts["area_codes"].split():
            places.state_of_area_code[code] = state
            places.zones_of_area_code[code] = zone_of_area_code.get(code, tuple(facts["zones"]))
        for prefix in _zip_prefixes(facts["zips"]):
            places.states_of_zip[prefix] = (*places.states_of_zip.get(prefix, ()), state)
            here = zone_of_zip.get(prefix, tuple(facts["zones"]))
            places.zones_of_zip[prefix] = _merged(places.zones_of_zip.get(prefix, ()), here)
    return places


def _certain(facts: dict[str, dict[str, str]]) -> tuple[dict[str, Zones], dict[str, Zones]]:
    by_area_code: dict[str, Zones] = {}
    by_zip: dict[str, Zones] = {}
    for zone, where in facts.items():
        by_area_code |= dict.fromkeys(where.get("area_codes", "").split(), (zone,))
        by_zip |= dict.fromkeys(_zip_prefixes(where.get("zips", "")), (zone,))
    return by_area_code, by_zip


def _zip_prefixes(ranges: str) -> Iterator[str]:
    """The prefixes of "005 100-149", each with three digits."""
    for part in ranges.split():
        first, _, last = part.partition("-")
        yield from (f"{prefix:03}" for prefix in range(int(first), int(last or first) + 1))


def _merged(*groups: Iterable[str]) -> Zones:
    return tuple(dict.fromkeys(zone for group in groups for zone in group))
