"""Logs as JSON lines on standard error, or readable ones at a terminal: numbers of leads and deliveries, never a borrower's data."""

import logging
import sys

import structlog

from bot.runner import places


class KindAndPlace(logging.Formatter):
    """Of a library's record only who speaks, how badly, and where: its text and its errors may quote payloads."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        what = f"{type(error).__name__} at {' < '.join(reversed(places(error)))}" if error else f"{record.filename}:{record.lineno}"
        return f'{{"level": "{record.levelname.lower()}", "library": "{record.name}", "what": "{what}"}}'


def only_warnings() -> None:
    """What goes well is left out: somebody sees it before their eyes."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def set_up_logs() -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(KindAndPlace())
    logging.basicConfig(level=logging.ERROR, handlers=[handler])
    # Without a level of its own the Slack SDK describes every request in words that nobody reads.
    logging.getLogger("slack_sdk.web.async_base_client").setLevel(logging.ERROR)
