"""The company and the borrowers of the bench: one busy channel, and as many leads as asked for, none like another."""

import os
from pathlib import Path
from typing import Any

KEY = "bench-key"
SEALED_WITH = "a long random text that seals the store"
SOURCE, HASTY = "website", "hasty"
"""Sources of the busy channel; what comes from the hasty one and is not claimed escalates after a minute."""
CHANNEL = "C0LEADS"
OFFICERS = {"U0MAYA": "maya@acme.example", "U0LUIS": "luis@acme.example"}

BRANCHES, OFFICERS_A_BRANCH = 10, 10
_HOURS = "time_zone: America/Chicago, working_hours: {mon-sun: 8am-8pm}, manager: maya"


def _config(branches: range) -> str:
    """The company, with further branches that have a team, a source and ten officers each; Maya manages them all."""
    teams = [f'  - {{key: team{each}, name: "Team {each}", channel: {{slack: "#leads{each}"}}, {_HOURS}}}' for each in branches]
    officers = [
        f"  - {{key: officer{each}x{number}, name: Officer {each} {number}, email: officer{each}x{number}@acme.example, teams: team{each}, "
        f"licenses: [TX], role: {'team_lead' if number == 1 else 'officer'}}}"
        for each in branches
        for number in range(1, OFFICERS_A_BRANCH + 1)
    ]
    sources = [
        f"  - {{key: source{each}, label: Source {each}, secret_env: LEADBELL_KEY_WEBSITE, team: team{each}, max_per_minute: 100000}}"
        for each in branches
    ]
    return "\n".join(
        [
            "company:",
            "  legal_name: Acme Mortgage LLC",
            "  nmls_id: 123456",
            "  postal_address: 100 Congress Ave, Austin, TX 78701",
            "  licenses: [TX]",
            "default_team: austin",
            "teams:",
            f'  - {{key: austin, name: Austin, channel: {{slack: "#leads"}}, {_HOURS}}}',
            *teams,
            "officers:",
            "  - {key: maya, name: Maya Torres, email: maya@acme.example, teams: austin, licenses: [TX], role: manager}",
            "  - {key: luis, name: Luis Ortega, email: luis@acme.example, teams: austin, licenses: [TX]}",
            *officers,
            "escalation_policies:",
            "  - {key: hasty, unclaimed: [{after: 0, do: ring_all}, {after: 1, do: ring_again}]}",
            "sources:",
            "  - {key: website, label: Website, secret_env: LEADBELL_KEY_WEBSITE, team: austin, max_per_minute: 100000}",
            "  - {key: hasty, label: Hasty, secret_env: LEADBELL_KEY_WEBSITE, team: austin, max_per_minute: 100000, "
            "escalation_policy: hasty}",
            *sources,
            "",
        ]
    )


CONFIG = _config(range(0))
OF_TEN_BRANCHES = _config(range(2, BRANCHES + 1))

CONSENT = (
    "By pressing Send you agree that Acme Mortgage and its partners may call and text you at the number above, "
    "also by automatic means, about mortgage offers. Consent is not a condition of any purchase."
)
WORTHS: tuple[dict[str, str], ...] = (
    {"timeline": "just looking", "credit": "below 620"},
    {"loan_purpose": "refinance", "loan_amount": "$240k", "timeline": "3-6 months", "credit": "680-719"},
    {"loan_purpose": "purchase", "loan_amount": "310000", "timeline": "this month", "credit": "740+", "best_time": "call me now"},
)
"""From little worth to much."""


def environment(folder: Path, database_url: str, port: int, slack_url: str) -> dict[str, str]:
    """What a server under test is told, its config written into the folder."""
    config = folder / "leadbell.yaml"
    config.write_text(OF_TEN_BRANCHES)
    return {
        **os.environ,
        "LEADBELL_CONFIG": str(config),
        "LEADBELL_DATABASE_URL": database_url,
        "LEADBELL_PORT": str(port),
        "LEADBELL_KEY": SEALED_WITH,
        "LEADBELL_KEY_WEBSITE": KEY,
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_APP_TOKEN": "xapp-bench",
        "SLACK_API_URL": slack_url,
    }


def borrower(number: int) -> dict[str, Any]:
    """A lead as a website sends it, the numberth of this run."""
    return {
        "lead_id": f"web-{number}",
        "first_name": "Dana",
        "last_name": f"Rowe{number}",
        "email": f"dana.rowe{number}@example.com",
        "phone": f"(512) {200 + number // 10_000 % 800}-{number % 10_000:04}",
        "property_city": "Austin",
        "property_state": "TX",
        "property_zip": "78704",
        "property_type": "Single family",
        "purchase_price": "390000",
        **WORTHS[worth(number)],
        "tcpa_consent": "yes",
        "tcpa_text": CONSENT,
        "ip_address": "203.0.113.7",
        "utm_source": "search",
        "utm_campaign": "austin-buyers",
    }


def worth(number: int) -> int:
    """How much this lead is worth, from 0 up."""
    return number % len(WORTHS)
