"""The pages that borrowers see: words from messages/, put into HTML that escapes all of it, under a policy that lets nothing else run."""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.config.models import Config
from bot.rendering import LANGUAGES, PLAIN, Words, labels
from bot.rules.forms import CARRIED, LONGEST_CARRIED
from bot.rules.languages import preferred
from bot.rules.text import clean, one_line

FOLDER = Path(__file__).parent / "pages"
STYLE = (FOLDER / "page.css").read_text("utf-8")
words = Words("pages", PLAIN)
_allowed_style = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, auto_reload=False, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["style"] = STYLE
    return environment


def language_of(request: Request) -> str:
    """What the address asks for, else what the browser likes best."""
    asked = request.query_params.get("lang", "")
    return asked if asked in LANGUAGES else preferred(request.headers.get("accept-language", ""), LANGUAGES)


def carried(request: Request) -> dict[str, str]:
    """What the address tells of how somebody came; and who sent them here, as their browser told it to the first page."""
    told = {name: one_line(clean(value), LONGEST_CARRIED) for name in CARRIED if (value := request.query_params.get(name))}
    came_from = request.headers.get("referer", "")[:LONGEST_CARRIED]
    if "referrer" not in told and request.method == "GET" and urlsplit(came_from).netloc not in ("", request.url.netloc):
        told["referrer"] = one_line(clean(came_from), LONGEST_CARRIED)
    return told


def page(name: str, language: str, config: Config, *, status: int = 200, framed_by: Sequence[str] = (), **facts: Any) -> Response:
    """The page of this name. `framed_by` are the sites that may show it within theirs."""
    said = {
        "say": partial(_say, language),
        "label": labels(language),
        "language": language,
        "company": config.company,
        "forms": config.forms,
    }
    content = _environment().get_template(f"{name}.html").render(**said, **facts)
    return HTMLResponse(content, status, _headers(language, framed_by))


def _say(language: str, message: str, **facts: Any) -> str:
    return words.say(message, language, **facts)


def _headers(language: str, framed_by: Sequence[str]) -> dict[str, str]:
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "connect-src": "'self'",
        "style-src": f"'sha256-{_allowed_style}'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": " ".join(framed_by) or "'none'",
    }
    return {
        "Cache-Control": "no-store",
        "Content-Language": language,
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Vary": "Accept-Language",
        "X-Content-Type-Options": "nosniff",
    }
