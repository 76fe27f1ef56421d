"""Private answers: one that Slack will not show as it is drawn is said in its words alone, so that nobody waits for nothing."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.webhook.webhook_response import WebhookResponse

log = structlog.get_logger()

_CODE = re.compile(r"[a-z_]{1,60}")


def register(app: AsyncApp) -> None:
    @app.middleware
    async def look_at_answers(context: AsyncBoltContext, next_: Callable[[], Awaitable[Any]]) -> None:
        context["respond"] = LookedAt(response_url=context.response_url, proxy=context.client.proxy, ssl=context.client.ssl)
        await next_()


class LookedAt(AsyncRespond):
    """Slack's `respond`, which raises nothing when Slack refuses: it returns what Slack said, and nobody would look."""

    async def __call__(self, *args: Any, **told: Any) -> WebhookResponse:
        answer = await super().__call__(*args, **told)
        code = refused_because(answer)
        if code is None:
            return answer
        log.error("Slack refused a private answer", error=code, status=answer.status_code)
        if "blocks" not in told or answer.status_code >= 500:
            return answer
        return await super().__call__(*args, **{name: value for name, value in told.items() if name != "blocks"})


def refused_because(answer: WebhookResponse) -> str | None:
    """Slack's code for why, None where it took it. What else it says may quote the answer, and goes no further."""
    said = answer.body.strip()
    if said.startswith("{"):
        read = orjson.loads(said)
        if read.get("ok", True) and answer.status_code < 400:
            return None
        said = str(read.get("error", ""))
    elif answer.status_code < 400:
        return None
    return said if _CODE.fullmatch(said) else "unknown"
