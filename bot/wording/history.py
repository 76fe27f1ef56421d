"""What happened to a lead, a short line each, in words for who may see its borrower."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args

from bot.rendering import labels
from bot.rules.calling import NO_CALLS
from bot.rules.rates import in_percent
from bot.rules.redaction import redact
from bot.rules.text import one_line
from bot.rules.wording_lint import Code
from bot.store.history import Past
from bot.store.views import TextView
from bot.wording.emailing import say_mark
from bot.wording.plain import plain
from bot.wording.texting import say_why

LINE_LIMIT = 600
_UNTIL = ("not_allowed", "held", "drip_begun")
WORDS_SHOWN, NOTE_SHOWN = 140, 500


def say_past(past: Past, zone: str, language: str) -> str:
    """One thing that happened, as plain text, in the time of this zone."""
    call = past.call
    if call is not None:
        facts = {"theirs": past.kind == "called_us", "outcome": call.outcome, "seconds": call.seconds, "officer": _name(past)}
        return one_line(plain.say("a_call", language, at=past.at, zone=zone, **facts), LINE_LIMIT)
    return one_line(plain.say("past", language, **_facts(past, zone, language)), LINE_LIMIT)


def _facts(past: Past, zone: str, language: str) -> dict[str, Any]:
    meta, text, label = past.meta, past.text, labels(language)
    because = meta.get("because")
    return {
        "at": past.at,
        "zone": zone,
        "kind": past.kind,
        "undone": past.undone,
        "officer": _name(past),
        "by": one_line(meta.get("by") or "", 60),
        "by_rule": meta.get("by_rule", False),
        "source": one_line(meta.get("source") or "", 60),
        "disposition": meta.get("disposition"),
        "because": because,
        "stage": meta.get("stage"),
        "why": meta.get("why"),
        "what": meta.get("what"),
        "ended": label("drip_ended", because) if past.kind == "drip_ended" and because else None,
        "kept_back": label("kept_back", because) if past.kind == "drip_kept_back" and because else None,
        "note": past.note and not past.undone and one_line(redact(past.note), NOTE_SHOWN),
        "product": meta.get("product"),
        "rate": meta.get("rate") and f"{in_percent(meta['rate'])}%",
        "older": meta.get("older"),
        "by_email": text is not None and text.channel == "email",
        "subject": text and text.subject and not (past.undone and past.kind == "wrote") and one_line(redact(text.subject), 80),
        "words": text and not (past.undone and past.kind == "wrote") and one_line(redact(text.words), WORDS_SHOWN),
        "pictures": text.pictures if text else 0,
        "mark": text and _mark(text, zone, language),
        "opened_at": past.opened_at if text is not None and text.status == "sent" else None,
        "came_back": text and say_why(text, language),
        "channel": meta.get("channel"),
        "until": datetime.fromisoformat(meta["until"]) if past.kind in _UNTIL and meta.get("until") else None,
        "held_by": meta.get("rule") if past.kind == "held" else meta.get("waits_for"),
        "of_sequence": "enrollment" in meta,
        "refused": _refused(meta, language) if past.kind == "not_allowed" else None,
    }  # fmt: skip


def _refused(meta: Mapping[str, Any], language: str) -> str | None:
    """Why an officer might not, as they read it; of a call only what forbids it at any hour."""
    if meta["rule"] in get_args(Code):
        return plain.say("words_kept_back", language, because=meta["rule"])
    match meta["channel"]:
        case "sms":
            return plain.say("text_why", language, because=meta["because"], error_code=None)
        case "email":
            return plain.say("email_why", language, because=meta["because"], error_code=None)
    return labels(language)("no_calls", meta["rule"]) if meta["rule"] in NO_CALLS else None


def _name(past: Past) -> str:
    return one_line(past.officer or "", 60)


def _mark(text: TextView, zone: str, language: str) -> str:
    if text.channel == "email":
        return say_mark(text, language)
    mark = plain.say("text_mark", language, status=text.status, because=text.because, due_at=text.due_at, zone=zone, segments=1)
    return f"{mark}. {say_why(text, language)}" if text.status in ("failed", "refused") else mark
