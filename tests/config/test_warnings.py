"""A valid config that will disappoint somebody is warned about."""

from datetime import date
from pathlib import Path

from bot.config import warnings
from tests.config.small import changed, load_text

TODAY = date(2026, 11, 24)


def _warned(folder: Path, *replacements: tuple[str, str], today: date = TODAY) -> list[tuple[str, str]]:
    return [(warning.path, warning.message) for warning in warnings(load_text(folder, changed(*replacements)), today)]


def test_nothing_is_said_about_a_config_that_works(tmp_path: Path) -> None:
    assert _warned(tmp_path) == []


def test_a_license_is_good_on_its_last_day_and_expired_the_day_after(tmp_path: Path) -> None:
    assert _warned(tmp_path, today=date(2027, 12, 31)) == []
    assert _warned(tmp_path, today=date(2028, 1, 1)) == [
        ("company.licenses[0]", "The company is licensed in TX, but no active officer is: nobody can claim leads from there."),
        (
            "officers[0].licenses[0]",
            "The license of maya for TX expired on 2027-12-31. Renew it and write the new date, or remove the state.",
        ),
    ]


def test_a_team_whose_people_are_all_off_is_told(tmp_path: Path) -> None:
    away = (
        ("    teams: austin\n", "    teams: austin\n    off_until: 2026-12-01\n"),
        ("teams: austin, licenses: [OK]", "teams: austin, off_until: 2026-12-07, licenses: [OK]"),
    )
    assert _warned(tmp_path, *away) == [
        ("teams[0]", "Everybody on austin is off until 2026-12-01: who leads it is told of each lead, and nobody is rung.")
    ]
    assert _warned(tmp_path, away[0]) == _warned(tmp_path, *away, today=date(2026, 12, 1)) == []


def test_a_team_whose_people_all_have_a_cap_is_told_what_becomes_of_the_rest(tmp_path: Path) -> None:
    capped = (
        ("    teams: austin\n", "    teams: austin\n    daily_cap: 5\n"),
        ("teams: austin, licenses: [OK]", "teams: austin, daily_cap: 3, licenses: [OK]"),
    )
    assert _warned(tmp_path, *capped) == [
        ("teams[0]", "All on austin have a daily_cap, 8 leads together. What comes beyond waits 5 minutes before it rings.")
    ]
    assert _warned(tmp_path, capped[0]) == []


def test_an_expired_license_of_the_company_is_told(tmp_path: Path) -> None:
    assert _warned(tmp_path, ("[TX, OK]", "[{state: TX, expires: 2026-11-23}, OK]")) == [
        (
            "company.licenses[0]",
            "The company's license for TX expired on 2026-11-23. Renew it and write the new date, or remove the state.",
        )
    ]


def test_an_officer_licensed_where_the_company_is_not_is_told(tmp_path: Path) -> None:
    assert _warned(tmp_path, ("licenses: [OK]", "licenses: [OK, CO]")) == [
        ("officers[1].licenses[1]", "tess is licensed in CO, but the company is not: nobody may work leads there.")
    ]


def test_a_state_that_nobody_is_licensed_in_is_told(tmp_path: Path) -> None:
    assert _warned(tmp_path, ("[TX, OK]", "[TX, OK, NM]")) == [
        ("company.licenses[2]", "The company is licensed in NM, but no active officer is: nobody can claim leads from there.")
    ]


def test_an_officer_without_licenses_or_team_is_told(tmp_path: Path) -> None:
    assert _warned(tmp_path, ("sources:", "  - {key: omar, name: Omar Haddad, email: omar@acme.example}\nsources:")) == [
        ("officers[3]", "omar has no licenses and so can claim no lead. List the states under licenses."),
        ("officers[3]", "omar is on no team and so hears of no lead. List the teams under teams."),
    ]


def test_somebody_who_left_is_not_warned_about(tmp_path: Path) -> None:
    assert _warned(tmp_path, ("sources:", "  - {key: omar, name: Omar Haddad, email: omar@acme.example, active: false}\nsources:")) == []


def test_a_warning_is_told_without_a_line(tmp_path: Path) -> None:
    config = load_text(tmp_path, changed(("[TX, OK]", "[TX, OK, NM]")))

    [warning] = warnings(config, TODAY)

    assert str(warning) == (
        "company.licenses[2]\n    The company is licensed in NM, but no active officer is: nobody can claim\n    leads from there."
    )


def test_hours_that_nobody_of_the_team_works_are_told(tmp_path: Path) -> None:
    until_five = (
        ("    teams: austin\n", "    teams: austin\n    working_hours: {mon-fri: 8am-5pm}\n"),
        ("teams: austin, licenses: [OK]", 'teams: austin, working_hours: {mon: "11am-6pm"}, licenses: [OK]'),
    )
    assert _warned(tmp_path, *until_five) == [
        (
            "teams[0].working_hours",
            "Nobody of austin works Mon 6pm-8pm, Tue-Fri 5pm-8pm: what comes then is told to who leads it, and rings for nobody.",
        )
    ]
    assert _warned(tmp_path, until_five[0]) == []


def test_who_works_only_while_their_team_does_not_is_told(tmp_path: Path) -> None:
    assert _warned(tmp_path, ("    teams: austin\n", "    teams: austin\n    working_hours: {sat: 9am-5pm, mon: 8pm-9pm}\n")) == [
        ("officers[0].working_hours", "maya works only while no team of theirs does: no lead rings for them.")
    ]
