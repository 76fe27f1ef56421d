"""TrustedForm's Certificate API, version 4.0: keep a certificate in our account, which vanishes within days where nobody does."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import aiohttp
import orjson

from bot.outreach.answers import TooLong, read_at_most
from bot.outreach.guard import session_to
from bot.rules.certificates import NotRetained

ANSWERED_WITHIN = aiohttp.ClientTimeout(total=10)
MOST_BYTES = 256 * 1024
USER = "API"
"""What stands before our key, whoever we are."""
OURS_TO_MEND = frozenset({401, 402, 403, 408, 429})
"""A wrong key, an account without means or without this product, too many requests: the certificate may still be kept later."""
GONE = 404


@dataclass(frozen=True, slots=True)
class Retained:
    """It is kept in our account until then; None where it was not said."""

    until: datetime | None


class CouldNotRetain(Exception):
    """TrustedForm did not keep it. `for_good` where asking again would change nothing; `told` is for who runs Leadbell: a status or a kind
    of failure, never their words."""

    def __init__(self, because: NotRetained, told: str, *, for_good: bool) -> None:
        super().__init__(told)
        self.because = because
        self.told = told
        self.for_good = for_good


class TrustedForm:
    """The API at this address with our key. To be built inside a running event loop."""

    def __init__(self, url: str, api_key: str) -> None:
        self._url = url.rstrip("/")
        headers = {"Authorization": aiohttp.encode_basic_auth(USER, api_key), "Accept": "application/json", "api-version": "4.0"}
        self._http = session_to(self._url, timeout=ANSWERED_WITHIN, headers=headers)

    async def retain(self, certificate: str, email: str | None, phone: str | None, reference: str, vendor: str) -> Retained:
        """Keep the certificate with this id, which must be about this email or this phone (ten digits). Raises CouldNotRetain."""
        lead = {name: value for name, value in (("email", email), ("phone", phone)) if value}
        wish = orjson.dumps({"match_lead": lead, "retain": {"reference": reference, "vendor": vendor}})
        address = f"{self._url}/{quote(certificate, safe='')}"
        try:
            async with self._http.post(address, data=wish, headers={"Content-Type": "application/json"}, allow_redirects=False) as answer:
                status, body = answer.status, await read_at_most(answer, MOST_BYTES)
        except TooLong:
            raise CouldNotRetain("no_answer", "too long", for_good=False) from None
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise CouldNotRetain("no_answer", type(error).__name__, for_good=False) from None
        if status == GONE:
            raise CouldNotRetain("expired", f"status {status}", for_good=True)
        if status != 200:
            for_good = 400 <= status < 500 and status not in OURS_TO_MEND
            raise CouldNotRetain("refused" if for_good else "no_answer", f"status {status}", for_good=for_good)
        return _read(body)

    async def close(self) -> None:
        await self._http.close()


def _read(body: bytes) -> Retained:
    told = _object(body)
    if told is None or told.get("outcome") not in ("success", "failure", "error"):
        raise CouldNotRetain("no_answer", "no answer that we know", for_good=False)
    if told["outcome"] == "success":
        return Retained(_moment(_in(told, "retain", "results", "expires_at")))
    if _in(told, "match_lead", "result", "success") is False:
        raise CouldNotRetain("no_match", "no match", for_good=True)
    raise CouldNotRetain("refused", f"outcome {told['outcome']}", for_good=told["outcome"] == "failure")


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return told if isinstance(told, dict) else None


def _in(told: Any, *names: str) -> Any:
    for name in names:
        told = told.get(name) if isinstance(told, dict) else None
    return told


def _moment(said: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(said)
        return at.astimezone(UTC) if at.tzinfo is not None else None
    except (TypeError, ValueError, OverflowError):  # the last: a moment that no calendar has in UTC
        return None
