"""users.* and auth.test: who is who, and who is asking."""

from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.errors import SlackError
from bot.sandbox.slack import Slack
from bot.sandbox.workspace import BOT_ID, BOT_USER_ID, PEOPLE, TEAM_DOMAIN, TEAM_ID, TEAM_NAME, slack_user

JSON = dict[str, Any]


def who_am_i(_slack: Slack, _call: Call) -> JSON:
    """auth.test"""
    return {
        "url": f"https://{TEAM_DOMAIN}.slack.com/",
        "team": TEAM_NAME,
        "user": PEOPLE[BOT_USER_ID].name,
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def info(slack: Slack, call: Call) -> JSON:
    person = PEOPLE.get(call.text("user"))
    if person is None:
        raise SlackError("user_not_found")
    return {"user": slack_user(person, slack.clock.now(), deleted=person.id in slack.faults.deactivated)}


def list_users(slack: Slack, _call: Call) -> JSON:
    now = slack.clock.now()
    members = [slack_user(person, now, deleted=person.id in slack.faults.deactivated) for person in PEOPLE.values()]
    return {"members": members, "response_metadata": {"next_cursor": ""}}


def look_up_by_email(slack: Slack, call: Call) -> JSON:
    email = call.needed("email").lower()
    for person in PEOPLE.values():
        if person.email == email and person.id not in slack.faults.deactivated:
            return {"user": slack_user(person, slack.clock.now())}
    raise SlackError("users_not_found")
