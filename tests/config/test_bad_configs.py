"""Each mistake that operators make is told with its line and what to write instead, word for word."""

from pathlib import Path
from textwrap import dedent

import pytest

from bot.config import ConfigError
from tests.config.small import changed, load_text, problems_of

Replacement = tuple[str, str]

PRICE = "    price: 62\n"
HOURS = "    working_hours:\n      mon-fri: 8am-8pm\n"
ZONE = "    time_zone: America/Chicago\n"
TEAM_IN_THE_SAME_CHANNEL = """\
  - key: dallas
    name: Dallas
    channel: {slack: "#leads"}
    manager: sam
    team_leads: [tess]
    time_zone: America/Chicago
    working_hours: {mon-fri: 8am-8pm}
"""
ROLES = "officer, team_lead, manager, compliance, admin"

MISTAKES: dict[str, tuple[Replacement, str]] = {
    "a misspelled key, which is not told a second time as missing": (
        ("legal_name:", "legal_nam:"),
        """\
        line 2, company.legal_nam
            "legal_nam" is not a key here.
            Did you mean legal_name?
            Allowed: legal_name, dba, nmls_id, postal_address, licenses, holidays.""",
    ),
    "a team that takes leads back and does not say when": (
        (ZONE, f"{ZONE}    neglected: {{}}\n"),
        """\
        line 14, teams[0].neglected
            Write days_without_attempt, days_without_reply, or both.
            Allowed: days_without_attempt, days_without_reply.""",
    ),
    "a lead that is taken back before its owner could be warned": (
        (ZONE, f"{ZONE}    neglected: {{days_without_attempt: 1}}\n"),
        """\
        line 14, teams[0].neglected.days_without_attempt
            "1" is not a whole number of working days from 2 to 60.""",
    ),
    "a holiday that there is not": (
        (ZONE, f"{ZONE}    holidays: [thanksgivin]\n"),
        """\
        line 14, teams[0].holidays[0].day
            "thanksgivin" is neither a date nor a federal holiday. Write a date such as
            2026-12-24, or a name.
            Did you mean thanksgiving?
            Allowed: federal, new_year, martin_luther_king_day, presidents_day,
            memorial_day, juneteenth, independence_day, labor_day, columbus_day,
            veterans_day, thanksgiving, christmas.""",
    ),
    "a holiday on a day that no calendar has": (
        (ZONE, f"{ZONE}    holidays: [2026-02-30]\n"),
        """\
        line 14, teams[0].holidays[0].day
            "2026-02-30" is not a day of the calendar. Write a date such as 2027-12-31.""",
    ),
    "a holiday that is listed twice": (
        (ZONE, f"{ZONE}    holidays: [federal, 2026-12-24, {{day: 2026-12-24, name: Christmas Eve}}]\n"),
        """\
        line 14, teams[0].holidays
            2026-12-24 is listed twice. Name each holiday once.""",
    ),
    "an officer whose own hours overlap": (
        ("    teams: austin\n", "    teams: austin\n    working_hours: {mon: '9am-12pm, 11am-1pm'}\n"),
        """\
        line 22, officers[0].working_hours.mon
            The hours "9am-12pm, 11am-1pm" overlap or are not in order. Write the
            earlier hours first.""",
    ),
    "a missing key": (
        ("  nmls_id: 123456\n", ""),
        """\
        line 1, company.nmls_id
            nmls_id is missing. Write the company's NMLS id.""",
    ),
    "an NMLS id with letters": (
        ("nmls_id: 123456", "nmls_id: NMLS-12"),
        """\
        line 3, company.nmls_id
            An NMLS id has digits only, at most ten.""",
    ),
    "a state by its name": (
        ("[TX, OK]", "[TX, Oklahoma]"),
        """\
        line 5, company.licenses[1].state
            "Oklahoma" is not a US state or territory (two letters).
            Did you mean OK?
            Allowed: AL, AK, AZ, AR, CA, CO, CT, DE, DC, FL, GA, HI, ID, IL, IN, IA, KS,
            KY, LA, ME, MD, MA, MI, MN, MS, MO, MT, NE, NV, NH, NJ, NM, NY, NC, ND, OH,
            OK, OR, PA, RI, SC, SD, TN, TX, UT, VT, VA, WA, WV, WI, WY, PR, GU, VI, AS,
            MP.""",
    ),
    "a state twice": (
        ("[TX, OK]", "[TX, OK, tx]"),
        """\
        line 5, company.licenses
            TX is listed twice. Keep one license for each state.""",
    ),
    "a company without licenses": (
        ("[TX, OK]", "[]"),
        """\
        line 5, company.licenses
            This list is empty. It needs at least one entry.""",
    ),
    "an unknown team": (
        ("default_team: austin", "default_team: austn"),
        """\
        line 6, default_team
            "austn" is not the key of a team.
            Did you mean austin?
            Allowed: austin.""",
    ),
    "a channel without quotes, which is a comment": (
        ('{slack: "#leads"}', "\n      slack: #leads"),
        """\
        line 10, teams[0].channel
            A channel needs slack or discord. Mind the quotes in slack: "#leads", since
            a # without them begins a comment.""",
    ),
    "a channel without its #": (
        ('"#leads"', "Leads"),
        """\
        line 10, teams[0].channel.slack
            "Leads" is not a Slack channel. Write its name with # and in quotes, or its
            id, which begins with C.
            Did you mean "#leads"?""",
    ),
    "a Discord channel by its name": (
        ('slack: "#leads"', "discord: leads"),
        """\
        line 10, teams[0].channel.discord
            A Discord id has 17 to 20 digits (right-click, Copy ID).""",
    ),
    "a channel for no platform": (
        ('{slack: "#leads"}', '"#leads"'),
        """\
        line 10, teams[0].channel
            Its keys are missing. Write them one per line, indented below it.
            Allowed: slack, discord, allow.""",
    ),
    "a manager who is an officer": (
        ("manager: sam", "manager: maya"),
        """\
        line 11, teams[0].manager
            "maya" has the role officer. Here it takes the role manager or admin.
            Allowed: sam.""",
    ),
    "a manager by name": (
        ("manager: sam", "manager: Sam Whitaker"),
        """\
        line 11, teams[0].manager
            "Sam Whitaker" is not the key of an officer.
            Did you mean sam?
            Allowed: maya, tess, sam.""",
    ),
    "a team lead who is an officer": (
        ("[tess]", "maya"),
        """\
        line 12, teams[0].team_leads[0]
            "maya" has the role officer. Here it takes the role team_lead or manager or
            admin.
            Allowed: tess, sam.""",
    ),
    "a time zone by its common name": (
        ("America/Chicago", "US/Central"),
        """\
        line 13, teams[0].time_zone
            "US/Central" is not a time zone of a place. Other IANA names than these are
            fine too.
            Did you mean America/Chicago?
            Allowed: America/New_York, America/Chicago, America/Denver, America/Phoenix,
            America/Los_Angeles, America/Anchorage, Pacific/Honolulu,
            America/Puerto_Rico, Pacific/Guam.""",
    ),
    "a time zone that never changes to daylight time": (
        ("America/Chicago", "EST"),
        """\
        line 13, teams[0].time_zone
            "EST" is not a time zone of a place. Other IANA names than these are fine
            too.
            Did you mean America/New_York?
            Allowed: America/New_York, America/Chicago, America/Denver, America/Phoenix,
            America/Los_Angeles, America/Anchorage, Pacific/Honolulu,
            America/Puerto_Rico, Pacific/Guam.""",
    ),
    "nine to five without am and pm": (
        ("8am-8pm", "9-5"),
        """\
        line 15, teams[0].working_hours.mon-fri
            "9-5" ends before it starts. Hours after midnight belong to the next day.
            Did you mean 9am-5pm?""",
    ),
    "hours past midnight": (
        ("8am-8pm", "6pm-2am"),
        """\
        line 15, teams[0].working_hours.mon-fri
            "6pm-2am" ends before it starts. Hours after midnight belong to the next
            day.""",
    ),
    "a time that no clock shows": (
        ("8am-8pm", "9:00-25:00"),
        """\
        line 15, teams[0].working_hours.mon-fri
            "9:00-25:00" has a time that no clock shows. Write hours such as 8am-8pm,
            9:00-18:00, 9am-12pm, 1pm-6pm, or closed.""",
    ),
    "hours that overlap": (
        ("8am-8pm", "9am-1pm, 12pm-6pm"),
        """\
        line 15, teams[0].working_hours.mon-fri
            The hours "9am-1pm, 12pm-6pm" overlap or are not in order. Write the earlier
            hours first.""",
    ),
    "hours in words": (
        ("8am-8pm", "business hours"),
        """\
        line 15, teams[0].working_hours.mon-fri
            "business hours" is not a range of hours. Write hours such as 8am-8pm,
            9:00-18:00, 9am-12pm, 1pm-6pm, or closed.""",
    ),
    "a day that does not exist": (
        ("mon-fri:", "mon-friday, someday:"),
        """\
        line 15, teams[0].working_hours.mon-friday, someday
            "mon-friday, someday" is not a day or a range of days. Write mon, sat-sun or
            mon-fri.
            Allowed: mon, tue, wed, thu, fri, sat, sun.""",
    ),
    "a day twice": (
        ("mon-fri: 8am-8pm", "mon-fri: 8am-8pm\n      wed: 9am-5pm"),
        """\
        line 14, teams[0].working_hours
            The hours of Wednesday are given twice. Name each day once.""",
    ),
    "a team that is never open": (
        ("8am-8pm", "closed"),
        """\
        line 14, teams[0].working_hours
            No hour of the week is open. Write hours such as 8am-8pm, 9:00-18:00,
            9am-12pm, 1pm-6pm, or closed.""",
    ),
    "hours without days": (
        ("\n      mon-fri: 8am-8pm", " 8am-8pm"),
        """\
        line 14, teams[0].working_hours
            Write the days below it, each on its own line, such as "mon-fri: 8am-8pm".""",
    ),
    "an escalation policy that does not exist yet": (
        (ZONE, f"{ZONE}    escalation_policy: fast\n"),
        """\
        line 14, teams[0].escalation_policy
            "fast" is not the key of an escalation policy.
            Allowed: default.""",
    ),
    "an escalation policy that is misspelled": (
        (HOURS, f"{HOURS}    escalation_policy: brsk\nescalation_policies:\n  - key: brisk\n"),
        """\
        line 16, teams[0].escalation_policy
            "brsk" is not the key of an escalation policy.
            Did you mean brisk?
            Allowed: default, brisk.""",
    ),
    "a step that is none": (
        (HOURS, f"{HOURS}escalation_policies:\n  - key: brisk\n    unclaimed:\n      - {{after: 0, do: ring_al}}\n"),
        """\
        line 19, escalation_policies[0].unclaimed[0].do
            "ring_al" is not a step here.
            Did you mean ring_all?
            Allowed: ring_best, ring_all, tell_team_lead, offer_next, widen_and_manager,
            tell_manager, ring_again, wider_channel, give, nobody_available, message,
            text, call, email.""",
    ),
    "a step of another list": (
        (HOURS, f"{HOURS}escalation_policies:\n  - key: brisk\n    uncontacted:\n      - {{after: 5, do: ring_all}}\n"),
        """\
        line 19, escalation_policies[0].uncontacted[0].do
            "ring_all" is not a step here.
            Allowed: nudge, warn, take_back, message, text, call, email.""",
    ),
    "steps out of order": (
        (HOURS, f"{HOURS}escalation_policies:\n  - {{key: brisk, uncontacted: [{{after: 5, do: nudge}}, {{after: 5, do: warn}}]}}\n"),
        """\
        line 17, escalation_policies[0].uncontacted
            The step after 5 minutes stands behind the one after 5. Write the earlier
            one first.""",
    ),
    "a flag that is neither true nor false": (
        (ZONE, f"{ZONE}    masked: sometimes\n"),
        """\
        line 14, teams[0].masked
            "sometimes" is neither true nor false.
            Allowed: true, false.""",
    ),
    "a language by its name": (
        (ZONE, f"{ZONE}    language: Spanish\n"),
        """\
        line 14, teams[0].language
            "Spanish" is not a language code.
            Did you mean es?
            Allowed: en, es, ar, bn, de, fa, fr, gu, hi, hmn, ht, hy, it, ja, km, ko,
            pa, pl, pt, ru, so, ta, te, tl, uk, ur, vi, zh.""",
    ),
    "a key with a space": (
        ("key: zillow", "key: Zillow Leads"),
        """\
        line 27, sources[0].key
            "Zillow Leads" cannot be a key. A key has 1 to 40 lower-case letters, digits
            and hyphens, and is never changed later.
            Did you mean zillow-leads?""",
    ),
    "an email that is none, and is not repeated": (
        ("maya@acme.example", "maya at acme"),
        """\
        line 19, officers[0].email
            This is not an email address. Write one such as maya@acme.example.""",
    ),
    "an email with two dots in a row, which no letter could name": (
        ("maya@acme.example", "maya..torres@acme.example"),
        """\
        line 19, officers[0].email
            This is not an email address. Write one such as maya@acme.example.""",
    ),
    "a phone without its area code, which is not repeated": (
        ("(512) 555-0101", "555-0101"),
        """\
        line 20, officers[0].phone
            This is not a phone number. Write it with the area code, such as (512)
            555-0100.""",
    ),
    "an email twice, which is not repeated": (
        ("tess@acme.example", "Maya@acme.example"),
        """\
        line 24, officers[1].email
            The same email stands on line 19 already. Each entry needs its own.""",
    ),
    "two teams in one channel": (
        ("officers:\n", TEAM_IN_THE_SAME_CHANNEL + "officers:\n"),
        """\
        line 18, teams[1].channel.slack
            The same channel stands on line 10 already. Each entry needs its own.""",
    ),
    "a Slack name in place of an id": (
        ("    phone: (512) 555-0101", '    slack: "@maya"'),
        """\
        line 20, officers[0].slack
            A Slack user id begins with U, such as U0PRIYA. Without this line the person
            is found by email.""",
    ),
    "a role with a space": (
        ("role: team_lead", "role: team lead"),
        f"""\
        line 24, officers[1].role
            "team lead" is not a role.
            Did you mean team_lead?
            Allowed: {ROLES}.""",
    ),
    "a loan purpose in short": (
        ("    teams: austin\n    lic", "    teams: austin\n    purposes: [purchase, refi]\n    lic"),
        """\
        line 22, officers[0].purposes[1]
            "refi" is not a loan purpose.
            Did you mean refinance?
            Allowed: purchase, refinance, cash_out, home_equity, reverse, construction,
            other.""",
    ),
    "a cap of zero": (
        ("    teams: austin\n    lic", "    teams: austin\n    daily_cap: 0\n    lic"),
        """\
        line 22, officers[0].daily_cap
            "0" is not a whole number of leads a day from 1 to 1,000.""",
    ),
    "an American date": (
        ("2027-12-31", "12/31/2027"),
        """\
        line 23, officers[0].licenses[0].expires
            "12/31/2027" is not a date in the form year-month-day, such as 2027-12-31.
            Did you mean 2027-12-31?""",
    ),
    "a day that the calendar does not have": (
        ("2027-12-31", "2027-02-30"),
        """\
        line 23, officers[0].licenses[0].expires
            "2027-02-30" is not a day of the calendar. Write a date such as 2027-12-31.""",
    ),
    "a price with cents": (
        ("price: 62", "price: $62.00"),
        """\
        line 30, sources[0].price
            "$62.00" is not a whole number of dollars from 0 to 100,000.
            Did you mean 62?""",
    ),
    "a limit of requests in words": (
        (PRICE, f"{PRICE}    max_per_minute: unlimited\n"),
        """\
        line 31, sources[0].max_per_minute
            "unlimited" is not a whole number of requests a minute from 1 to 100,000.""",
    ),
    "an owner rule that does not exist yet": (
        (PRICE, f"{PRICE}    owner_rule: first\n"),
        """\
        line 31, sources[0].owner_rule
            "first" is not an owner rule.
            Allowed: claim.""",
    ),
    "a source that sends to a team that does not exist": (
        (PRICE, f"{PRICE}    team: dallas\n"),
        """\
        line 31, sources[0].team
            "dallas" is not the key of a team.
            Allowed: austin.""",
    ),
    "sources as a mapping": (
        ("  - key: zillow\n    label: Zillow\n    secret_env: LEADBELL_KEY_ZILLOW\n    price: 62", "  zillow: 62"),
        """\
        line 26, sources
            This must be a list. Write each item on a line of its own that begins with
            "- ".""",
    ),
    "a name with an invisible mark that turns the text around": (
        ("name: Austin", r'name: "\u202eAustin"'),
        """\
        line 9, teams[0].name
            There is an invisible character in this text. Type it again.""",
    ),
    "a channel with an invisible mark": (
        ('"#leads"', r'"#le\u200bads"'),
        """\
        line 10, teams[0].channel.slack
            This value is not a Slack channel. Write its name with # and in quotes, or
            its id, which begins with C.""",
    ),
    "an empty name": (
        ("name: Austin", "name:"),
        """\
        line 9, teams[0].name
            This is empty or not a text. Write a text on this line.""",
    ),
    "a name as long as a page": (
        ("name: Austin", f"name: {'x' * 3000}"),
        """\
        line 9, teams[0].name
            This text is longer than 200 characters. Make it shorter.""",
    ),
    "a source that is retired and in use": (
        ("sources:", "retired:\n  - {kind: source, key: zillow, moved_to: zillow}\nsources:"),
        """\
        line 27, retired[0].key
            "zillow" is still in use above. Remove it there or here.""",
    ),
    "a retired source whose leads go nowhere": (
        ("sources:", "retired:\n  - {kind: source, key: bankrate, moved_to: zilow}\nsources:"),
        """\
        line 27, retired[0].moved_to
            "zilow" is not the key of a source above.
            Did you mean zillow?
            Allowed: zillow.""",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.fault(93)
def test_each_mistake_is_told_with_its_line_and_what_to_write(mistake: str, tmp_path: Path) -> None:
    replacement, told = MISTAKES[mistake]

    problems = problems_of(tmp_path, changed(replacement))

    assert [str(problem) for problem in problems] == [dedent(told)]


def test_every_problem_is_told_at_once_also_several_in_one_entry(tmp_path: Path) -> None:
    text = changed(
        ("nmls_id: 123456", "nmls_id: none"),
        ("manager: sam", "manager: nobody"),
        ("mon-fri: 8am-8pm", "mondey: 8am-8pm\n      sat: 9-5"),
        ("role: team_lead, teams: austin, licenses: [OK]", "role: lead, teams: [austin, north], licenses: [OK, ZZ]"),
        ("price: 62", "price: free"),
    )

    problems = problems_of(tmp_path, text)

    assert [(problem.line, problem.path) for problem in problems] == [
        (3, "company.nmls_id"),
        (11, "teams[0].manager"),
        (15, "teams[0].working_hours.mondey"),
        (16, "teams[0].working_hours.sat"),
        (25, "officers[1].role"),
        (25, "officers[1].teams[1]"),
        (25, "officers[1].licenses[1].state"),
        (31, "sources[0].price"),
    ]


def test_a_team_that_nobody_works_for_is_a_problem(tmp_path: Path) -> None:
    text = changed(("    teams: austin\n", ""), ("teams: austin, ", ""), ("[tess]", "[]"))

    [problem] = problems_of(tmp_path, text)

    assert str(problem) == (
        'line 8, teams[0]\n    Team "austin" has no active officer. Write "teams: [austin]" under at least\n    one of them.'
    )


def test_a_malformed_key_is_not_told_again_at_every_line_that_refers_to_it(tmp_path: Path) -> None:
    text = changed(("key: austin", "key: Austin"))

    problems = problems_of(tmp_path, text)

    assert [(problem.line, problem.path, problem.suggestion) for problem in problems] == [(8, "teams[0].key", "austin")]


def test_a_file_that_is_wrong_everywhere_shows_fifty_problems_and_counts_the_rest(tmp_path: Path) -> None:
    text = changed(("sources:\n", "sources:\n" + "  - {}\n" * 40))

    with pytest.raises(ConfigError) as caught:
        load_text(tmp_path, text)

    assert len(caught.value.problems) == 120
    assert str(caught.value).startswith(f"{tmp_path / 'leadbell.yaml'} has 120 problems:\n\nline 27, sources[0].key\n    key is missing.")
    assert str(caught.value).endswith("\n\n... and 70 more.")
