"""The file of what a borrower agreed to and took back, in words, with what the gate says of each channel now."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.conversation.texting import CLOSED_BECAUSE, Why
from bot.oversight.consents import ConsentFile
from bot.rendering import Words
from bot.rules.calling import NO_CALLS
from bot.rules.compliance import Allowed, Judgement, Refused, WaitUntil, clock_words
from bot.rules.phones import national
from bot.rules.spoken import dated
from bot.rules.text import one_line
from bot.store.consents import Agreed
from bot.wording.plain import plain

MOST_SHOWN = 5
"""Of the newest, per phone or email; `leadbell export consent` has all."""
SHOWN_WORDS = 240


def say_file(words: Words, file: ConsentFile, language: str) -> list[str]:
    """First the answers of this moment, then each phone and email, a part each."""
    email = plain.say("email_why", language, because=file.email, error_code=None) if file.email else None
    zone = file.lead.time_zone
    now = [
        words.say("consent_now", language, channel="texts", **_now(_texts(file), language)),
        words.say("consent_now", language, channel="calls", **_now(file.calls, language)),
        words.say("consent_now", language, channel="email", **_NOTHING | {"why": email, "open": email is None}),
    ]
    parts = ["\n".join([words.say("consent_file", language, number=file.lead.number), *now])]
    for each in file.contacts:
        value = national(each.value) if each.kind == "phone" else each.value
        lines = [
            words.say("consent_given", language, value=value, **_facts(agreed, zone, language)) for agreed in each.agreed[-MOST_SHOWN:]
        ]
        lines += [
            words.say(
                "consent_closed",
                language,
                value=value,
                channel=one.channel,
                reason=one.reason,
                at=_at(one.at, zone, language),
                lifted_at=one.lifted_at and _at(one.lifted_at, zone, language),
            )
            for one in each.closed[-MOST_SHOWN:]
        ]
        parts.append("\n".join(lines or [words.say("consent_none", language, value=value)]))
    return parts


def _texts(file: ConsentFile) -> Judgement | Why:
    """Why the number is closed to texts, where it is: the rule alone does not say it."""
    if file.texts != Refused("sms_suppressed"):
        return file.texts
    closed = [one.reason for each in file.contacts for one in each.closed if one.channel == "sms" and one.lifted_at is None]
    return next((CLOSED_BECAUSE[reason] for reason in closed if reason in CLOSED_BECAUSE), "sms_suppressed")


_NOTHING: dict[str, Any] = {"open": False, "until": None, "opens_at": None, "zone": None, "why": None, "registry": None, "own_list": False}


def _now(judged: Judgement | Why, language: str) -> dict[str, Any]:
    match judged:
        case Allowed(until, zone):
            return _NOTHING | {"open": True, "until": until, "zone": zone}
        case WaitUntil(at, zone):
            return _NOTHING | {"opens_at": at, "zone": zone}
        case Refused(rule) if rule in NO_CALLS:
            return _NOTHING | {"registry": rule}
        case Refused("call_own_do_not_call"):
            return _NOTHING | {"own_list": True}
        case Refused(rule):
            return _NOTHING | {"why": plain.say("text_why", language, because=rule, error_code=None)}
        case why:
            return _NOTHING | {"why": plain.say("text_why", language, because=why, error_code=None)}


def _at(at: datetime, zone: str, language: str) -> str:
    """11/28/2026, 7:00 pm CT: a day alone would be another one in UTC."""
    return f"{dated(at.astimezone(ZoneInfo(zone)), language)}, {clock_words(at, zone, language)}"


def _facts(agreed: Agreed, zone: str, language: str) -> dict[str, Any]:
    kept = agreed.certificate
    return {
        "given": agreed.given,
        "at": agreed.given_at and _at(agreed.given_at, zone, language),
        "source": agreed.supplied_by and one_line(agreed.supplied_by, 60),
        "version": agreed.version and one_line(agreed.version, 40),
        "url": agreed.url and one_line(agreed.url, 120),
        "said": agreed.text and one_line(agreed.text, SHOWN_WORDS),
        "names_us": agreed.names_us is not False,
        "trustedform": agreed.trustedform_url is not None,
        "retained": kept is not None and kept.retained_at is not None,
        "kept_until": kept and kept.kept_until and dated(kept.kept_until.astimezone(ZoneInfo(zone)), language),
        "not_retained": kept and kept.gave_up_because,
        "jornaya": agreed.jornaya_id is not None,
    }
