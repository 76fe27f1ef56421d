"""The fixed workspace of the sandbox: who works at Acme Mortgage, where they talk, which keys open the door."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

TEAM_ID = "T0ACME"
TEAM_NAME = "Acme Mortgage"
TEAM_DOMAIN = "acme-mortgage"
APP_ID = "A0LEADBELL"
APP_NAME = "Leadbell"
BOT_USER_ID = "U0LEADBELL"
BOT_ID = "B0LEADBELL"
SLACKBOT_ID = "USLACKBOT"
BOT_TOKEN = "xoxb-sandbox"
APP_TOKEN = "xapp-sandbox"
SIGNING_SECRET = "sandbox-signing-secret"
VERIFICATION_TOKEN = "sandbox-verification-token"
SCOPES = (
    "app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "files:read", "groups:history", "groups:read",
    "im:history", "im:write", "users:read", "users:read.email",
)  # fmt: skip
"""What the app was installed with."""


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    real_name: str
    email: str
    tz: str = "America/Chicago"
    title: str = ""
    is_restricted: bool = False
    is_bot: bool = False


PEOPLE: dict[str, Person] = {
    person.id: person
    for person in (
        Person("U0MAYA", "maya", "Maya Torres", "maya@acme.example", title="Loan officer"),
        Person("U0LUIS", "luis", "Luis Ortega", "luis@acme.example", title="Loan officer"),
        Person("U0PRIYA", "priya", "Priya Nair", "priya@acme.example", title="Loan officer"),
        Person("U0OMAR", "omar", "Omar Haddad", "omar@acme.example", tz="America/Denver", title="Loan officer"),
        Person("U0TESS", "tess", "Tess Lindqvist", "tess@acme.example", title="Team lead"),
        Person("U0SAM", "sam", "Sam Whitaker", "sam@acme.example", title="Manager"),
        Person("U0CORA", "cora", "Cora Bell", "cora@acme.example", title="Compliance"),
        Person("U0GUS", "gus", "Gus Guest", "gus@partner.example", title="Guest", is_restricted=True),
        Person("U0NINA", "nina", "Nina New", "nina@acme.example", title="New here"),
        Person(BOT_USER_ID, "leadbell", APP_NAME, "", title="App", is_bot=True),
    )
}
HUMANS = tuple(person.id for person in PEOPLE.values() if not person.is_bot)
STAFF = tuple(person_id for person_id in HUMANS if not PEOPLE[person_id].is_restricted)

CHANNELS: tuple[dict[str, Any], ...] = (
    {"id": "C0LEADS", "name": "leads", "is_private": True, "members": [BOT_USER_ID, *HUMANS]},
    {"id": "C0SOUTH", "name": "leads-south", "is_private": True, "members": [BOT_USER_ID, *STAFF]},
    {"id": "C0WIDE", "name": "all-officers", "is_private": True, "members": [BOT_USER_ID, *STAFF]},
    {"id": "C0GENERAL", "name": "general", "is_private": False, "members": list(HUMANS)},
)


def dm_id(user_id: str) -> str:
    """The channel of the person's direct messages with the bot: U0MAYA talks in D0MAYA."""
    return "D" + user_id[1:]


def slack_user(person: Person, now: datetime, *, deleted: bool = False) -> dict[str, Any]:
    """The user object of users.info."""
    offset = now.astimezone(ZoneInfo(person.tz)).utcoffset()
    return {
        "id": person.id,
        "team_id": TEAM_ID,
        "name": person.name,
        "real_name": person.real_name,
        "deleted": deleted,
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": False,
        "updated": 0,
        "profile": {
            "real_name": person.real_name,
            "real_name_normalized": person.real_name,
            "display_name": person.real_name.split()[0],
            "display_name_normalized": person.real_name.split()[0],
            "email": person.email,
            "title": person.title,
            "team": TEAM_ID,
            **({"bot_id": BOT_ID, "api_app_id": APP_ID} if person.is_bot else {}),
        },
    }


def slack_channel(row: dict[str, Any], archived: bool) -> dict[str, Any]:
    """The channel object of conversations.info, from a stored channel."""
    common = {"id": row["id"], "created": 0, "is_archived": archived, "context_team_id": TEAM_ID}
    if row.get("is_im"):
        return {**common, "is_im": True, "user": row["user"], "is_open": True}
    private = row["is_private"]
    return {
        **common,
        "name": row["name"],
        "name_normalized": row["name"],
        "creator": "U0SAM",
        "is_channel": not private,
        "is_group": private,
        "is_private": private,
        "is_im": False,
        "is_mpim": False,
        "is_general": row["id"] == "C0GENERAL",
        "is_member": BOT_USER_ID in row["members"],
        "num_members": len(row["members"]),
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def channel_type(row: dict[str, Any]) -> str:
    """What message events call the place: im, group (private) or channel."""
    if row.get("is_im"):
        return "im"
    return "group" if row["is_private"] else "channel"
