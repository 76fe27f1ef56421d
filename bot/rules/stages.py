"""The stages of a lead, the words that officers type for them, and what ending a lead asks of a lender."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.rules.commands import closest as closest_of

PARTNER = "partner"
"""Of who is no borrower and sends some: an agent, a builder. Nobody rings for them, and no pipeline counts them."""
ENDED = ("funded", "withdrawn", "not_interested", "not_qualified", "denied", "incomplete", "duplicate", "lost", PARTNER)
STAGES = (
    *("new", "attempted", "contacted", "qualified", "preapproved", "application", "processing", "underwriting", "clear_to_close"),
    *("nurture", *ENDED),
)
"""All of them, in the order in which they are offered."""
LOAN_UNDER_WAY = frozenset({"application", "processing", "underwriting", "clear_to_close"})
"""What is said then about the loan offers nothing: who opted out may hear it."""
ASKS_FOR_NOTICE = frozenset({"not_qualified", "denied"})
NOTICE_WITHIN = timedelta(days=30)
"""A creditor tells of a refusal in writing within 30 days (Regulation B, 12 CFR 1002.9)."""

_SAID = {
    "attempted": ("attempt", "attempting", "tried", "called"),
    "contacted": ("contact", "spoke", "reached"),
    "qualified": ("prequalified", "pre qualified", "pre-qualified", "prequal"),
    "preapproved": ("pre approved", "pre-approved", "preapproval", "pre approval", "pre-approval"),
    "application": ("app", "applied", "app started", "application started", "app in"),
    "processing": ("process", "in processing"),
    "underwriting": ("uw", "in underwriting", "underwritten"),
    "clear_to_close": ("ctc", "cleared to close", "clear-to-close"),
    "funded": ("closed", "won", "fund"),
    "nurture": ("nurturing", "later", "long term"),
    "withdrawn": ("withdrew", "withdraw"),
    "not_interested": ("ni", "no interest"),
    "not_qualified": ("nq", "unqualified", "does not qualify"),
    "denied": ("deny", "declined", "denial"),
    "incomplete": ("notice of incompleteness",),
    "duplicate": ("dupe", "dup", "duplicated"),
    PARTNER: ("referral partner", "agent", "realtor", "builder"),
    "lost": ("dead", "lost to another lender", "has a lender"),
}
MEANING = {words: stage for stage in STAGES for words in (stage, stage.replace("_", " "), *_SAID.get(stage, ()))}


def read(text: str) -> str | None:
    """The stage that the text names, by name or in everyday words; None when it is none of them exactly."""
    return MEANING.get(_plain(text))


def closest(text: str) -> tuple[str, ...]:
    """The stages that the text resembles, two at most, to be asked back."""
    return tuple(dict.fromkeys(MEANING[words] for words in closest_of(_plain(text), MEANING)))


def ends(stage: str) -> bool:
    """Whether a lead in this stage is over: to be asked before, since nobody looks at it any more."""
    return stage in ENDED


def may_be_written_to(stage: str) -> bool:
    """Whether sequences are for leads in this stage: open ones, past clients and partners."""
    return not ends(stage) or stage in ("funded", PARTNER)


def notice_due(stage: str, at: datetime, zone: str) -> date | None:
    """The last day to tell the borrower in writing that there is no loan, by the team's clock; None where nothing has to be told."""
    return (at + NOTICE_WITHIN).astimezone(ZoneInfo(zone)).date() if stage in ASKS_FOR_NOTICE else None


def _plain(text: str) -> str:
    """ "to Pre-Approved." and "preapproved" are the same."""
    words = " ".join(text.lower().strip(" .,;:!?").split())
    return words.removeprefix("to ").removeprefix("as ").strip()
