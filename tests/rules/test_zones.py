"""Where a borrower may be."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.zones import Whereabouts, candidate_zones, state_of_phone, states_of_zip, zones_of_address, zones_of_phone

EASTERN, CENTRAL, MOUNTAIN, PACIFIC = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"


@pytest.mark.parametrize("number", ["+18005550100", "+18885550100", "+15005550100", "+15215550100", "+15555550100", "+19005550100"])
def test_a_number_without_a_place_has_no_zone(number: str) -> None:
    assert zones_of_phone(number) == ()


@pytest.mark.parametrize("number", ["", "+", "+1", "+1512", "+1<script", "+1\uff1512555", "512 555 0100", "+999123456789", "hello", "+44"])
def test_what_is_no_number_has_no_zone(number: str) -> None:
    assert zones_of_phone(number) == ()


@given(st.text(max_size=40))
def test_no_text_breaks_the_look_up(text: str) -> None:
    zones = candidate_zones(Whereabouts((text, "+1" + text), text, text, text, text))
    assert all(ZoneInfo(zone) for zone in zones)


def test_an_ordinary_area_code_has_its_one_zone() -> None:
    assert zones_of_phone("+15125550100") == (CENTRAL,)
    assert zones_of_phone("+18085550100") == ("Pacific/Honolulu",)
    assert zones_of_phone("+14805550100") == ("America/Phoenix",)


@pytest.mark.parametrize(
    ("area_code", "zones"),
    [
        ("850", {EASTERN, CENTRAL}),
        ("448", {EASTERN, CENTRAL}),
        ("219", {EASTERN, CENTRAL}),
        ("574", {EASTERN, CENTRAL}),
        ("812", {EASTERN, CENTRAL}),
        ("930", {EASTERN, CENTRAL}),
        ("270", {EASTERN, CENTRAL}),
        ("364", {EASTERN, CENTRAL}),
        ("606", {EASTERN, CENTRAL}),
        ("906", {EASTERN, CENTRAL}),
        ("423", {EASTERN, CENTRAL}),
        ("729", {EASTERN, CENTRAL}),
        ("308", {CENTRAL, MOUNTAIN}),
        ("785", {CENTRAL, MOUNTAIN}),
        ("620", {CENTRAL, MOUNTAIN}),
        ("605", {CENTRAL, MOUNTAIN}),
        ("701", {CENTRAL, MOUNTAIN}),
        ("541", {PACIFIC, "America/Boise"}),
        ("458", {PACIFIC, "America/Boise"}),
        ("208", {PACIFIC, "America/Boise"}),
        ("986", {PACIFIC, "America/Boise"}),
        ("775", {PACIFIC, MOUNTAIN}),
        ("928", {"America/Phoenix", MOUNTAIN}),
        ("907", {"America/Anchorage", "America/Adak"}),
    ],
)
def test_an_area_code_that_straddles_zones_has_both(area_code: str, zones: set[str]) -> None:
    for exchange in ("222", "434", "555", "926"):
        assert zones <= set(zones_of_phone(f"+1{area_code}{exchange}0100"))


def test_an_overlay_too_new_for_the_library_is_placed_by_the_table() -> None:
    assert zones_of_phone("+16795550100") == (EASTERN,)
    assert zones_of_phone("+14835550100") == (CENTRAL,)


def test_a_phone_from_abroad_counts_too() -> None:
    assert zones_of_phone("+442071234567") == ("Europe/London",)


@pytest.mark.parametrize(
    ("state", "zip_code", "zones"),
    [
        ("TX", None, (CENTRAL, MOUNTAIN)),
        ("TX", "78704", (CENTRAL,)),
        ("TX", "79901", (MOUNTAIN,)),
        ("TX", "79843", (CENTRAL, MOUNTAIN)),
        ("FL", "33101-1234", (EASTERN,)),
        ("FL", "32501", (CENTRAL,)),
        ("FL", "32456", (EASTERN, CENTRAL)),
        ("IN", "46204", (EASTERN,)),
        ("IN", "46402", (CENTRAL,)),
        ("AZ", "85004", ("America/Phoenix",)),
        ("AZ", "86515", ("America/Phoenix", MOUNTAIN)),
        ("HI", "96813", ("Pacific/Honolulu",)),
        ("AS", "96799", ("Pacific/Pago_Pago",)),
        (None, "60601", (CENTRAL,)),
        ("PR", None, ("America/Puerto_Rico",)),
    ],
)
def test_a_zip_says_more_than_its_state_where_it_is_certain(state: str | None, zip_code: str | None, zones: tuple[str, ...]) -> None:
    assert zones_of_address(state, zip_code) == zones


def test_a_zip_that_contradicts_the_state_adds_its_own_zones() -> None:
    assert set(zones_of_address("CA", "10001")) == {PACIFIC, EASTERN}


@pytest.mark.parametrize("zip_code", ["2139", "021", "", "ABCDE", "٠٢١٣٩"])
def test_what_is_no_whole_zip_is_ignored(zip_code: str) -> None:
    assert zones_of_address("MA", zip_code) == (EASTERN,)
    assert states_of_zip(zip_code) == ()


@pytest.mark.parametrize("state", ["AE", "AP", "ON", "XX", ""])
def test_a_state_outside_the_table_has_no_zone(state: str) -> None:
    assert zones_of_address(state, None) == ()


def test_property_mailing_address_and_every_phone_are_heeded_in_that_order() -> None:
    somebody = Whereabouts(
        phones=("+18085550100", "+15125550100"), property_state="CO", property_zip="80202", mailing_state="NY", mailing_zip="10001"
    )
    assert candidate_zones(somebody) == (MOUNTAIN, EASTERN, "Pacific/Honolulu", CENTRAL)


def test_a_texas_lead_with_an_el_paso_phone_may_be_in_either_zone() -> None:
    assert set(candidate_zones(Whereabouts(phones=("+19155550100",), property_state="TX"))) == {CENTRAL, MOUNTAIN}


def test_a_phone_tells_the_state_it_was_bought_in() -> None:
    assert state_of_phone("+15125550100") == "TX"
    assert state_of_phone("+17875550100") == "PR"
    assert [state_of_phone(number) for number in ("+18005550100", "+14165550100", "+442071234567", "")] == [None] * 4


def test_a_zip_tells_its_state_or_the_few_that_share_the_prefix() -> None:
    assert states_of_zip("78704") == ("TX",)
    assert states_of_zip("06390") == ("CT", "NY")
    assert states_of_zip("99999-0000") == ("AK",)
