"""How the sandbox says no: as Slack or Twilio would to the bot, and in plain words to whoever drives it."""

from typing import Any


class SlackError(Exception):
    """Becomes {"ok": false, "error": code, ...}; extra fields are sent along, status and headers too."""

    def __init__(self, code: str, *, status: int = 200, headers: dict[str, str] | None = None, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.headers = headers or {}
        self.extra = extra


class TwilioError(Exception):
    """Becomes Twilio's JSON for an error; the code tells the caller what to do."""

    def __init__(self, code: int, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status

    def body(self) -> dict[str, Any]:
        more_info = f"https://www.twilio.com/docs/errors/{self.code}"
        return {"code": self.code, "message": str(self), "more_info": more_info, "status": self.status}


class ControlError(Exception):
    """The control API was asked for something a person in Slack could not do."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status
