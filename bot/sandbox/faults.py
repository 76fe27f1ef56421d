"""Faults on demand: what goes wrong between a bot and Slack or Twilio, armed by a test or a curious person."""

import fnmatch
import math
import time
from dataclasses import dataclass, field

from bot.sandbox.errors import ControlError

CALL_FAULTS = ("lost_response", "error_5xx", "slow", "token_revoked", "invalid_blocks", "method_limited")
PHONE_FAULTS = ("error_5xx_after", "too_many_requests", "webhook_twice", "webhook_never", "webhook_reversed", "webhook_early")
"""Of Twilio alone. Reversed and early are for the status callbacks of a text: in the wrong order, before the answer."""
SOCKET_FAULTS = ("silent_socket", "deaf_socket", "refresh_requested")
KINDS = (
    *CALL_FAULTS,
    *PHONE_FAULTS,
    *SOCKET_FAULTS,
    "channel_archived",
    "user_deactivated",
    "channel_shared",
    "scope_withheld",
    "rate_limit",
    "none",
)
SWITCHES: dict[str, tuple[str, str | None]] = {
    "slack_down": ("error_5xx", "[a-z]*"),
    "twilio_loses": ("lost_response", "Messages.create"),
    "slow": ("slow", None),
}
"""What is wrong from the moment a person says so until they take it back. Slack's methods begin with a small letter, Twilio's do not."""
SWITCHED_SLOW_S = 3.0
SECONDS_PER_POST = 1.0
SLOW_S = 5.0


@dataclass
class Fault:
    """The method may be a pattern; None is every one."""

    kind: str
    method: str | None
    uses_left: float
    until: float
    seconds: float
    switch: str = ""


@dataclass
class Faults:
    """The armed faults. Times are real: a fault that lasts 5 seconds lasts 5 seconds, whatever the sandbox's clock says."""

    armed: list[Fault] = field(default_factory=list)
    archived: set[str] = field(default_factory=set)
    deactivated: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    """Channels that another company is in."""
    withheld: set[str] = field(default_factory=set)
    """Scopes that the token lacks: told with each answer, while the calls still work."""
    rate_limited: bool = False
    _next_post: dict[str, float] = field(default_factory=dict)

    def arm(self, kind: str, method: str | None, times: int | None, seconds: float | None) -> None:
        """
        Happens `times` times (once when nothing else is said; token_revoked until cleared), or for `seconds`.
        For slow, seconds is how long each answer takes; for method_limited, how long it asks to wait.
        """
        lasts = seconds if seconds is not None and kind not in ("slow", "method_limited") else math.inf
        once = kind != "token_revoked" and lasts == math.inf
        uses = times if times is not None else (1 if once else math.inf)
        self.armed.append(Fault(kind, method, uses, time.monotonic() + lasts, seconds if seconds is not None else SLOW_S))

    def switch(self, name: str, on: bool) -> None:
        self.armed = [fault for fault in self.armed if fault.switch != name]
        if on:
            kind, method = SWITCHES[name]
            self.armed.append(Fault(kind, method, math.inf, math.inf, SWITCHED_SLOW_S, name))

    def switched(self) -> list[str]:
        return [name for name in SWITCHES if any(fault.switch == name for fault in self.armed)]

    def take(self, kind: str, method: str) -> Fault | None:
        """The armed fault that this call runs into, with one of its uses spent, or None."""
        now = time.monotonic()
        self.armed = [fault for fault in self.armed if fault.uses_left > 0 and fault.until > now]
        for fault in self.armed:
            if fault.kind == kind and (fault.method is None or fnmatch.fnmatchcase(method, fault.method)):
                fault.uses_left -= 1
                return fault
        return None

    def take_webhook(self, method: str) -> Fault | None:
        """The fault that strikes this webhook, or all status callbacks of one text; method is webhook.inbound or webhook.status."""
        for kind in ("webhook_twice", "webhook_never", *(("webhook_reversed", "webhook_early") if method == "webhook.status" else ())):
            if fault := self.take(kind, method):
                return fault
        return None

    def limit_posts(self, on: bool) -> None:
        self.rate_limited = on
        self._next_post.clear()

    def seconds_until_post(self, channel_id: str) -> float:
        """0 when a post may pass now (and it is counted), else how long the channel must wait."""
        now = time.monotonic()
        if not self.rate_limited:
            return 0
        wait = self._next_post.get(channel_id, 0) - now
        if wait > 0:
            return wait
        self._next_post[channel_id] = now + SECONDS_PER_POST
        return 0

    def clear(self) -> None:
        self.armed.clear()
        self.archived.clear()
        self.deactivated.clear()
        self.shared.clear()
        self.withheld.clear()
        self.limit_posts(False)


def checked_kind(kind: object) -> str:
    if kind not in KINDS:
        raise ControlError(f"kind must be one of {', '.join(KINDS)}")
    return str(kind)
