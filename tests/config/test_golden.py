"""Sixty configs, good and bad: of each good one what `leadbell check` understood, of each bad one what is wrong, word for word."""

import re
from pathlib import Path
from textwrap import dedent

import pytest
from rich.console import Console

from bot.config import Config, describe
from tests.config.small import SMALL, changed, load_text, problems_of

LAST_LINE_OF = {"team": "      mon-fri: 8am-8pm\n", "maya": "    teams: austin\n", "zillow": "    price: 62\n"}


def written(added: str) -> str:
    """The small config with these lines at its end, or below what stands before the first colon: the team, maya, or zillow."""
    place, _, rest = added.partition(": ")
    if place not in LAST_LINE_OF:
        return f"{SMALL}{added}\n"
    return changed((LAST_LINE_OF[place], f"{LAST_LINE_OF[place]}    {rest}\n"))


def understood(config: Config) -> list[str]:
    """Each row of the tables that `leadbell check` prints, on a terminal that is wide enough for it."""
    console = Console(width=300, color_system=None, force_terminal=False)
    tables = describe(config)
    for table in tables:
        table.width = 300
    with console.capture() as capture:
        console.print(*tables)
    return [re.sub(r"\s{2,}", " | ", line.strip()) for line in capture.get().splitlines()]


GOOD: dict[str, tuple[str, list[str]]] = {
    "a rule for a state": (
        "routing: [{name: Texas, when: {state: TX}, officers: maya}, {name: Others}]",
        [
            "Texas | state TX | the source's team, first to claim, maya first",
        ],
    ),
    "two rules in order": (
        "routing: [{name: Big, when: {amount: {at_least: 500000}}, officers: tess}, {name: Texas, when: {state: TX}}, {name: Others}]",
        [
            "Big | amount from 500,000 | the source's team, first to claim, tess first",
            "Texas | state TX | the source's team, first to claim",
        ],
    ),
    "in turn, by weight": (
        "routing: [{name: By weight, mode: round_robin, officers: [{key: maya, weight: 70}, {key: tess, weight: 30}]}]",
        [
            "By weight | the source's team, in turn, maya (70 a round), tess (30 a round)",
        ],
    ),
    "in turn, everybody": (
        "routing: [{name: In turn, mode: round_robin}]",
        [
            "In turn | the source's team, in turn",
        ],
    ),
    "given to one": (
        "routing: [{name: Past clients, when: {past_client: yes}, mode: direct, officers: [maya, tess]}, {name: Others}]",
        [
            "Past clients | past client | the source's team, given to maya, else tess",
        ],
    ),
    "given to whom the lead names": (
        "routing: [{name: Sold, when: {source: zillow}, mode: direct, to: [recipient, last_owner]}, {name: Others}]",
        [
            "Sold | source zillow | the source's team, given to the officer to whom the vendor sold it, else who had the borrower's last "
            "lead",
            "Others | the source's team, first to claim",
        ],
    ),
    "given to the officer of a partner": (
        "partners: [{key: keller, name: Keller Realty, officer: maya}]\nrouting: [{name: Sent, mode: direct, to: partner}, {name: Others}]",
        [
            "Keller Realty (keller) | maya",
            "Sent | the source's team, given to the officer of the partner who sent it",
        ],
    ),
    "from some partners but not from another": (
        "partners: [{key: keller, name: Keller Realty, officer: maya}, {key: compass, name: Compass, officer: maya}]\n"
        "routing: [{name: Two, when: {partner: [keller, compass]}}, {name: Not one, when: {state: TX, unless: {partner: keller}}}, "
        "{name: Others}]",
        [
            "Two | partner keller or compass | the source's team, first to claim",
            "Not one | state TX; unless partner keller | the source's team, first to claim",
        ],
    ),
    "handed out": (
        "routing: [{name: Old ones, when: {grade: [C, D]}, mode: blind_pull}, {name: Others}]",
        [
            "Old ones | grade C or D | the source's team, handed out by /lead next",
        ],
    ),
    "staggered as it comes": (
        "routing: [{name: Best first, mode: staggered}]",
        [
            "Best first | the source's team, first to claim, 2 at once, all others after 45 seconds",
        ],
    ),
    "staggered as written": (
        "routing: [{name: Best first, mode: staggered, first: 3, rest_after: 90, officers: maya}]",
        [
            "Best first | the source's team, first to claim, maya first, 3 at once, all others after 90 seconds",
        ],
    ),
    "a range and an exception": (
        "routing: [{name: Jumbo, when: {amount: {at_least: 766550}, credit: {at_least: 700, below: 780}, "
        "unless: {property_use: investment, state: OK}}}, {name: Others}]",
        [
            "Jumbo | amount from 766,550; credit from 700 below 780; unless state OK or property use investment "
            "| the source's team, first to claim",
        ],
    ),
    "ZIP codes and hours": (
        "routing: [{name: Nearby, when: {zip: [787, 78664], hours: '8am-12pm, 1pm-5pm'}}, {name: Others}]",
        [
            "Nearby | zip 787 or 78664; 8am-12pm and 1pm-5pm | the source's team, first to claim",
        ],
    ),
    "a segment and a language": (
        "routing: [{name: Veterans, when: {segment: veteran, language: es}, mode: round_robin}, {name: Others}]",
        [
            "Veterans | language es; segment veteran | the source's team, in turn",
        ],
    ),
    "a score and a source": (
        "routing: [{name: Hot, when: {source: zillow, score: {at_least: 60}}}, {name: Others}]",
        [
            "Hot | source zillow; score from 60 | the source's team, first to claim",
        ],
    ),
    "points of our own reasons": (
        "scoring: {points: {time_now: 40, purpose_refinance: 0}}",
        [
            "time now | as it comes with Leadbell | +40",
            "purpose refinance | as it comes with Leadbell | +0",
        ],
    ),
    "a reason that takes points": (
        "scoring: {rules: [{reason: bad number, when: {bad_number: yes}, points: -30}]}",
        [
            "bad number | bad number | -30",
        ],
    ),
    "a reason by loan to value": (
        "scoring: {rules: [{reason: little down, when: {loan_to_value: {at_least: 95}, credit: {below: 620}}, points: -10}]}",
        [
            "little down | credit below 620; loan to value from 95 | -10",
        ],
    ),
    "a click": (
        "scoring: {rules: [{reason: clicked, when: {did: [clicked, replied]}, points: 8}]}",
        [
            "clicked | did clicked or replied | +8",
        ],
    ),
    "grades and decay": (
        "scoring: {grades: {A: 70, B: 50, C: 20}, decay: {every_days: 7, points: 5, at_most: 20}}",
        [
            "quiet | each 7 days, 20 at most | -5",
            "grades | A from 70, B from 50, C from 20",
        ],
    ),
    "a segment of one's own": (
        "segments: [{key: jumbo, name: Jumbo loan, when: {amount: {at_least: 800000}, unless: {purpose: reverse}}}]",
        [
            "Jumbo loan (jumbo) | amount from 800,000; unless purpose reverse",
        ],
    ),
    "one of ours anew": (
        "segments: [{key: investor, name: Investors, when: {property_use: [investment, secondary]}}]",
        [
            "Investors (investor) | property use investment or secondary",
        ],
    ),
    "a short escalation": (
        "escalation_policies: [{key: brisk, unclaimed: [{after: 0, do: ring_all}, {after: 3, do: tell_manager}], repeat_every: 5}]",
        [
            "brisk | 0 all officers, 3 manager, then every 5 | 5 reminder, 13 warning, 15 back to the pool",
            "brisk | 3 on day 1, then days 2, 3, 4, 7, 9, 12, 16, 21, 27",
        ],
    ),
    "the usual one changed": (
        "escalation_policies: [{key: default, uncontacted: [{after: 10, do: nudge}, {after: 60, do: take_back}]}]",
        [
            "default (austin) | 0 best three, 2 all officers, 5 team lead, 10 next in turn, 15 wider channel and "
            "manager, 30 manager, then every 30 | 10 reminder, 60 back to the pool",
        ],
    ),
    "a rota": (
        "team: rota: {officers: [maya, tess], hand_over: mon 8am, since: 2026-11-30, hours: {mon-fri: 8pm-9pm, sat: 9am-1pm}}",
        [
            "austin | maya, tess | Mon 8am, from 2026-11-30 | Mon-Fri 8pm-9pm, Sat 9am-1pm",
        ],
    ),
    "numbers of a team": (
        "team: numbers: [(512) 555-0181, +1 737 555 0182, 512-555-0181]",
        [
            "austin | (512) 555-0181, (737) 555-0182",
        ],
    ),
    "caps": (
        "maya: daily_cap: 5\n    open_without_attempt_cap: 3",
        [
            "Maya Torres (maya) | officer | austin | TX until 2027-12-31 | 5 a day; no more than 3 not called",
        ],
    ),
    "one who is off": (
        "maya: off_until: 2026-12-07",
        [
            "Maya Torres (maya) | officer | austin | TX until 2027-12-31 | off until 2026-12-07",
        ],
    ),
    "one with hours of their own": (
        "maya: working_hours: {mon-thu: '9am-12pm, 1pm-5pm'}",
        [
            "Maya Torres (maya) | officer | austin | TX until 2027-12-31 | Mon-Thu 9am-12pm and 1pm-5pm",
        ],
    ),
    "holidays": (
        "team: holidays: [federal, {day: 2026-12-24, name: Christmas Eve}, 2026-12-31]",
        [
            "austin (default) | #leads | sam, tess | Mon-Fri 8am-8pm (Chicago time), closed on federal holidays, "
            "2026-12-24 (Christmas Eve), 2026-12-31",
        ],
    ),
    "one holiday by its name": (
        "team: holidays: Thanksgiving",
        [
            "austin (default) | #leads | sam, tess | Mon-Fri 8am-8pm (Chicago time), closed on thanksgiving",
        ],
    ),
    "a source with its own escalation": (
        "zillow: escalation_policy: default",
        [
            "default (austin, zillow) | 0 best three, 2 all officers, 5 team lead, 10 next in turn, 15 wider "
            "channel and manager, 30 manager, then every 30 | 5 reminder, 13 warning, 15 back to the pool",
        ],
    ),
    "a cadence": (
        "escalation_policies: [{key: gentle, cadence: [1, 1, 3, 7]}]",
        [
            "gentle | 0 best three, 2 all officers, 5 team lead, 10 next in turn, 15 wider channel and manager, "
            "30 manager, then every 30 | 5 reminder, 13 warning, 15 back to the pool",
            "gentle | 2 on day 1, then days 3, 7",
        ],
    ),
    "which escalation when": (
        "escalation_rules: [{name: Hot, when: {grade: A, source: zillow}, team: austin, policy: default}, "
        "{name: At night, during: off_hours, policy: default}]",
        [
            'default (austin, "Hot", "At night") | 0 best three, 2 all officers, 5 team lead, 10 next in turn, '
            "15 wider channel and manager, 30 manager, then every 30 | 5 reminder, 13 warning, 15 back to the pool",
            "Hot | team austin; source zillow; grade A | default",
            "At night | while the team does not work | default",
        ],
    ),
}

BAD: dict[str, tuple[str, str]] = {
    "a mode with a letter too many": (
        "routing: [{name: Texas, mode: round_robbin}]",
        """\
        line 31, routing[0].mode
            "round_robbin" is not a mode.
            Did you mean round_robin?
            Allowed: claim, staggered, round_robin, direct, blind_pull.""",
    ),
    "a mode that there is not": (
        "routing: [{name: Texas, mode: percent}]",
        """\
        line 31, routing[0].mode
            "percent" is not a mode.
            Allowed: claim, staggered, round_robin, direct, blind_pull.""",
    ),
    "a condition with letters swapped": (
        "routing: [{name: Texas, when: {sate: TX}}]",
        """\
        line 31, routing[0].when.sate
            "sate" is not a key here.
            Did you mean state?
            Allowed: source, state, county, zip, purpose, loan_type, property_use,
            property_type, language, intent, amount, credit, first_time_buyer, military,
            has_agent, found_home, under_contract, past_client, referral, segment,
            grade, score, hours, partner, unless.""",
    ),
    "a rule without a name": (
        "routing: [{mode: claim}]",
        """\
        line 31, routing[0].name
            name is missing. Write what the rule is called where people ask why, such as
            "Veterans in turn".""",
    ),
    "a rule for nobody known": (
        "routing: [{name: Maya, officers: mya}]",
        """\
        line 31, routing[0].officers[0].key
            "mya" is not the key of an officer.
            Did you mean maya?
            Allowed: maya, tess, sam.""",
    ),
    "a rule for a team that is not there": (
        "routing: [{name: Texas, team: austen}]",
        """\
        line 31, routing[0].team
            "austen" is not the key of a team.
            Did you mean austin?
            Allowed: austin.""",
    ),
    "a source by its name": (
        "routing: [{name: Hot, when: {source: Zilow}}]",
        """\
        line 31, routing[0].when.source[0]
            "Zilow" is not the key of a source.
            Did you mean zillow?
            Allowed: zillow.""",
    ),
    "a grade with a plus": (
        "routing: [{name: Hot, when: {grade: A+}}]",
        """\
        line 31, routing[0].when.grade[0]
            "A+" is not a grade.
            Did you mean A?
            Allowed: A, B, C, D.""",
    ),
    "a segment in the plural": (
        "routing: [{name: Veterans, when: {segment: veterans}}]",
        """\
        line 31, routing[0].when.segment[0]
            "veterans" is not the key of a segment.
            Did you mean veteran?
            Allowed: first_time_buyer, purchase, refinance, home_equity, reverse,
            investor, veteran, past_client, referral.""",
    ),
    "a bound without its name": (
        "routing: [{name: Jumbo, when: {amount: 766550}}]",
        """\
        line 31, routing[0].when.amount
            A bound needs its name: at_least for the number and more, below for less.
            Did you mean {at_least: 766550}?
            Allowed: at_least, below.""",
    ),
    "an amount in short": (
        "routing: [{name: Jumbo, when: {amount: {at_least: $750k}}}]",
        """\
        line 31, routing[0].when.amount.at_least
            "$750k" is not a whole number of dollars from 0 to 100,000,000.
            Did you mean 750000?""",
    ),
    "a bound by another word": (
        "routing: [{name: Jumbo, when: {amount: {minimum: 750000}}}]",
        """\
        line 31, routing[0].when.amount.minimum
            "minimum" is not a key here.
            Allowed: at_least, below.""",
    ),
    "a credit score that nobody has": (
        "routing: [{name: Prime, when: {credit: {at_least: 7400}}}]",
        """\
        line 31, routing[0].when.credit.at_least
            "7400" is not a whole number of points of a credit score from 300 to 850.""",
    ),
    "the hours of a night": (
        "routing: [{name: Late, when: {hours: 8pm-8am}}]",
        """\
        line 31, routing[0].when.hours
            "8pm-8am" goes on past midnight. Write the hours before and after it one by
            one, the morning first.
            Did you mean 12am-8am, 8pm-12am?""",
    ),
    "shares in percent signs": (
        "routing: [{name: Shared, percent: {austin: 60%}}]",
        """\
        line 31, routing[0].percent.austin
            This value is not a whole number of percent from 1 to 100.
            Did you mean 60?""",
    ),
    "a share of one team": (
        "routing: [{name: Shared, percent: {austin: 100}}]",
        """\
        line 31, routing[0].percent
            One team alone shares with nobody. Write team instead of percent, or another
            team beside it.""",
    ),
    "to the recipient, for whoever claims": (
        "routing: [{name: Sold, to: recipient}]",
        """\
        line 31, routing[0]
            to gives a lead to the officer whom it names. Write mode: direct with it,
            and no percent.""",
    ),
    "to somebody else": (
        "routing: [{name: Sold, mode: direct, to: owner}]",
        """\
        line 31, routing[0].to[0]
            "owner" is not a way to name an officer.
            Did you mean last_owner?
            Allowed: recipient, partner, last_owner.""",
    ),
    "an override that there is not": (
        "overrides: [calls_outside_hour]",
        """\
        line 31, overrides[0]
            "calls_outside_hour" is not something that a config may let officers do.
            Did you mean calls_outside_hours?
            Allowed: calls_outside_hours.""",
    ),
    "a partner that there is not": (
        "partners: [{key: keller, name: Keller Realty, officer: maya}]\nrouting: [{name: Sent, when: {partner: Keler}}]",
        """\
        line 32, routing[0].when.partner[0]
            "Keler" is not the key of a partner.
            Did you mean keller?
            Allowed: keller.""",
    ),
    "a partner of nobody": (
        "partners: [{key: keller, name: Keller Realty, officer: mia}]",
        """\
        line 31, partners[0].officer
            "mia" is not the key of an officer.
            Allowed: maya, tess, sam.""",
    ),
    "a weight in percent": (
        "routing: [{name: By weight, mode: round_robin, officers: [{key: maya, weight: 70%}]}]",
        """\
        line 31, routing[0].officers[0].weight
            This value is not a whole number of leads a round from 1 to 100.
            Did you mean 70?""",
    ),
    "a time in minutes": (
        "routing: [{name: Best first, mode: staggered, rest_after: 2 minutes}]",
        """\
        line 31, routing[0].rest_after
            "2 minutes" is not a whole number of seconds from 5 to 600.""",
    ),
    "an exception with letters swapped": (
        "routing: [{name: Texas, when: {state: TX, unless: {soruce: zillow}}}]",
        """\
        line 31, routing[0].when.unless.soruce
            "soruce" is not a key here.
            Did you mean source?
            Allowed: source, state, county, zip, purpose, loan_type, property_use,
            property_type, language, intent, amount, credit, first_time_buyer, military,
            has_agent, found_home, under_contract, past_client, referral, segment,
            grade, score, hours, partner.""",
    ),
    "points under another word": (
        "scoring: {point: {time_now: 10}}",
        """\
        line 31, scoring.point
            "point" is not a key here.
            Did you mean points?
            Allowed: points, rules, grades, decay.""",
    ),
    "points of nothing": (
        "scoring: {points: {time_nwo: 10}}",
        """\
        line 31, scoring.points.time_nwo
            "time_nwo" is not a reason of Leadbell's.
            Did you mean time_now?
            Allowed: purpose_purchase, purpose_refinance, purpose_cash_out,
            purpose_home_equity, time_now, time_this_month, time_1_to_3_months,
            time_3_to_6_months, wants_call_now, under_contract, found_home,
            credit_740_up, credit_680_up, credit_620_up, loan_to_value_to_80,
            loan_to_value_to_97, complete, nearly_complete, wrote_to_us.""",
    ),
    "grades upside down": (
        "scoring: {grades: {A: 20, B: 50, C: 70}}",
        """\
        line 31, scoring.grades
            An A needs more points than a B, a B more than a C, and a C some: 20, 50, 70
            do not fall so.""",
    ),
    "decay by the week": (
        "scoring: {decay: {every_days: 1 week, points: 5, at_most: 20}}",
        """\
        line 31, scoring.decay.every_days
            "1 week" is not a whole number of days from 1 to 365.""",
    ),
    "a score by ZIP": (
        "scoring: {rules: [{reason: nearby, when: {zip: 787}, points: 5}]}",
        """\
        line 31, scoring.rules[0].when.zip
            "zip" is no input of a score. Only these are, so that no score can turn on
            who or where somebody is.
            Allowed: source, intent, purpose, time_frame, did, wants_call_now,
            under_contract, found_home, has_phone, has_email, reached, bad_number,
            credit, loan_to_value, completeness.""",
    ),
    "a reason without points": (
        "scoring: {rules: [{reason: quote, when: {intent: rate_quote}}]}",
        """\
        line 31, scoring.rules[0].points
            points is missing. Write how many points, from -100 to 100.""",
    ),
    "a segment that holds all": (
        "segments: [{key: all, name: Everybody, when: {}}]",
        """\
        line 31, segments[0]
            A segment without conditions would hold every lead. Write at least one under
            when.""",
    ),
    "a segment by grade": (
        "segments: [{key: hot, name: Hot, when: {grade: A}}]",
        """\
        line 31, segments[0].when.grade
            "grade" is not a key here.
            Allowed: source, state, county, zip, purpose, loan_type, property_use,
            property_type, language, intent, amount, credit, first_time_buyer, military,
            has_agent, found_home, under_contract, past_client, referral, unless.""",
    ),
    "a segment with a space": (
        "segments: [{key: Jumbo loans, name: Jumbo, when: {amount: {at_least: 800000}}}]",
        """\
        line 31, segments[0].key
            The key of a segment has 1 to 40 lower-case letters, digits, hyphens and
            underscores.""",
    ),
    "a step in seconds": (
        "escalation_policies: [{key: brisk, unclaimed: [{after: 30s, do: ring_all}]}]",
        """\
        line 31, escalation_policies[0].unclaimed[0].after
            "30s" is not a whole number of minutes from 0 to 10,080.""",
    ),
    "a step that does nothing": (
        "escalation_policies: [{key: brisk, unclaimed: [{after: 0}]}]",
        """\
        line 31, escalation_policies[0].unclaimed[0].do
            do is missing. Write what happens then, such as ring_all.""",
    ),
    "a list with a letter missing": (
        "escalation_policies: [{key: brisk, unclaimd: [{after: 0, do: ring_all}]}]",
        """\
        line 31, escalation_policies[0].unclaimd
            "unclaimd" is not a key here.
            Did you mean unclaimed?
            Allowed: key, unclaimed, uncontacted, unanswered, repeat_every, cadence.""",
    ),
    "an escalation that is not there": (
        "zillow: escalation_policy: brisk",
        """\
        line 31, sources[0].escalation_policy
            "brisk" is not the key of an escalation policy.
            Allowed: default.""",
    ),
    "a holiday in another language": (
        "team: holidays: [navidad]",
        """\
        line 16, teams[0].holidays[0].day
            "navidad" is neither a date nor a federal holiday. Write a date such as
            2026-12-24, or a name.
            Allowed: federal, new_year, martin_luther_king_day, presidents_day,
            memorial_day, juneteenth, independence_day, labor_day, columbus_day,
            veterans_day, thanksgiving, christmas.""",
    ),
    "a number that is none": (
        "team: numbers: front desk",
        """\
        line 16, teams[0].numbers[0]
            This is not a phone number. Write it with the area code, such as (512)
            555-0100.""",
    ),
    "a rota by the word": (
        "team: rota: {officers: [maya], hand_over: weekly, since: 2026-11-30, hours: {sat: 9am-1pm}}",
        """\
        line 16, teams[0].rota.hand_over
            "weekly" is not a day with a time. Write mon 8am, or mon, thu 5pm for two
            hand-overs a week.""",
    ),
    "a rota of nobody known": (
        "team: rota: {officers: [mya], hand_over: mon 8am, since: 2026-11-30, hours: {sat: 9am-1pm}}",
        """\
        line 16, teams[0].rota.officers[0]
            "mya" is not the key of an officer.
            Did you mean maya?
            Allowed: maya, tess, sam.""",
    ),
    "texts without an answer to STOP": (
        "texting: {help_text: Call us.}",
        """\
        line 31, texting.stop_text
            stop_text is missing. Write the one answer to an opt-out; it says that no
            more texts come.""",
    ),
    "a registration that is pending": (
        "texting: {stop_text: Bye, help_text: Call us, sender_registered_on: pending}",
        """\
        line 31, texting.sender_registered_on
            "pending" is not a date in the form year-month-day, such as 2027-12-31.""",
    ),
    "email from a name": (
        "email: {from_address: Acme Loans}",
        """\
        line 31, email.from_address
            This is not an email address. Write one such as maya@acme.example.""",
    ),
    "email with a letter missing": (
        "email: {from_adress: loans@acme.example}",
        """\
        line 31, email.from_adress
            "from_adress" is not a key here.
            Did you mean from_address?
            Allowed: from_address, replies_to, signed_off_by, signed_off_on,
            instant_reply, track_links.""",
    ),
    "a cap in words": (
        "maya: open_without_attempt_cap: none",
        """\
        line 22, officers[0].open_without_attempt_cap
            "none" is not a whole number of open leads from 1 to 1,000.""",
    ),
    "a cadence that goes back": (
        "escalation_policies: [{key: gentle, cadence: [1, 4, 3]}]",
        """\
        line 31, escalation_policies[0].cadence
            Day 3 stands behind day 4. Write the earlier one first.""",
    ),
    "a cadence in words": (
        "escalation_policies: [{key: gentle, cadence: daily}]",
        """\
        line 31, escalation_policies[0].cadence[0]
            "daily" is not a whole number of days from 1 to 90.""",
    ),
    "an escalation for weekends": (
        "escalation_rules: [{name: Weekends, during: weekend, policy: default}]",
        """\
        line 31, escalation_rules[0].during
            "weekend" is not a time.
            Allowed: working_hours, off_hours.""",
    ),
    "an escalation by a policy that is not there": (
        "escalation_rules: [{name: Hot, when: {grade: A}, policy: brisk}]",
        """\
        line 31, escalation_rules[0].policy
            "brisk" is not the key of an escalation policy.
            Allowed: default.""",
    ),
    "an escalation by nothing": (
        "escalation_rules: [{name: Hot, when: {grade: A}}]",
        """\
        line 31, escalation_rules[0].policy
            policy is missing. Write the key of an escalation policy, such as brisk.""",
    ),
    "an escalation for a score by its word": (
        "escalation_rules: [{name: Hot, when: {score: high}, policy: default}]",
        """\
        line 31, escalation_rules[0].when.score
            A bound needs its name: at_least for the number and more, below for less.
            Allowed: at_least, below.""",
    ),
}


@pytest.mark.parametrize("config", GOOD)
def test_each_good_config_is_understood_as_it_was_meant(config: str, tmp_path: Path) -> None:
    added, rows = GOOD[config]
    shown = understood(load_text(tmp_path, written(added)))
    assert [row for row in rows if row not in shown] == [], shown


@pytest.mark.parametrize("config", BAD)
def test_each_bad_config_is_told_with_its_line_and_what_to_write(config: str, tmp_path: Path) -> None:
    added, told = BAD[config]
    assert [str(problem) for problem in problems_of(tmp_path, written(added))] == [dedent(told)]


def test_there_are_sixty_of_them() -> None:
    assert len(GOOD) + len(BAD) >= 60
