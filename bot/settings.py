"""What the environment says. Secrets come from here and nowhere else."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import BadSettings

SMTP_PORTS = {"smtp": 587, "smtps": 465}
IMAP_PORTS = {"imap": 143, "imaps": 993}
SHORTEST_KEY, LEAST_VARIED = 32, 10
"""Letters of a key, and how many different ones at least: a random one of that length has more than twenty."""
SHORTEST_DOOR_KEY = 12
"""Letters of a key that others send us, as of a source's."""


class Settings(BaseSettings):
    """Each field is one environment variable; the table in docs/reference.md lists them all."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    database_url: str = Field(
        "sqlite:///data/leadbell.db",
        validation_alias="LEADBELL_DATABASE_URL",
        description="Where the store is: a SQLite file or a PostgreSQL database.",
    )
    key: SecretStr | None = Field(
        None,
        validation_alias="LEADBELL_KEY",
        description="The key that personal data is sealed with in the store: `leadbell key new` prints one. Keep it as safe as the store, "
        "and elsewhere: without it nothing can be read.",
    )
    old_key: SecretStr | None = Field(
        None,
        validation_alias="LEADBELL_OLD_KEY",
        description="The key before `LEADBELL_KEY`, until `leadbell key rotate` is done.",
    )
    config: Path = Field(
        Path("leadbell.yaml"), validation_alias="LEADBELL_CONFIG", description="The config file: company, teams, officers, sources."
    )
    host: str = Field(
        "127.0.0.1",
        validation_alias="LEADBELL_HOST",
        description="The address to listen on: 0.0.0.0 in a container, else leave it behind a reverse proxy.",
    )
    port: int = Field(8080, ge=1, le=65535, validation_alias="LEADBELL_PORT", description="The port that leads and webhooks arrive on.")
    sandbox_port: int = Field(
        8081,
        validation_alias="LEADBELL_SANDBOX_PORT",
        description="The port of the demo's stand-in Slack and phone network, and their page.",
    )
    slack_bot_token: SecretStr | None = Field(
        None,
        validation_alias="SLACK_BOT_TOKEN",
        description="The bot token (xoxb-...). Without it Slack is off; with it, presses need one of the next two.",
    )
    slack_app_token: SecretStr | None = Field(
        None, validation_alias="SLACK_APP_TOKEN", description="The app-level token (xapp-...) for Socket Mode."
    )
    slack_signing_secret: SecretStr | None = Field(
        None,
        validation_alias="SLACK_SIGNING_SECRET",
        description="The signing secret: set it to receive Slack over HTTP instead of Socket Mode.",
    )
    slack_api_url: str = Field("https://slack.com/api/", validation_alias="SLACK_API_URL", description="Another Slack-compatible server.")
    discord_token: SecretStr | None = Field(
        None, validation_alias="DISCORD_TOKEN", description="The Discord bot's token. Without it Discord is off."
    )
    heartbeat_url: SecretStr | None = Field(
        None,
        validation_alias="LEADBELL_HEARTBEAT_URL",
        description="An address outside that gets a GET each minute while nothing is wrong: whoever watches it hears of our silence.",
    )
    public_url: str | None = Field(
        None,
        validation_alias="LEADBELL_PUBLIC_URL",
        description="The address at which the world reaches this port, such as https://leads.example.com. Texts and email need it.",
    )
    twilio_account_sid: str | None = Field(
        None, validation_alias="TWILIO_ACCOUNT_SID", description="The Twilio account (AC...). Without it texts are off."
    )
    twilio_auth_token: SecretStr | None = Field(
        None, validation_alias="TWILIO_AUTH_TOKEN", description="The account's primary auth token; it also signs what Twilio sends us."
    )
    twilio_old_auth_token: SecretStr | None = Field(
        None,
        validation_alias="TWILIO_OLD_AUTH_TOKEN",
        description="The auth token before TWILIO_AUTH_TOKEN: what Twilio signs with it is good too, until you take it out.",
    )
    twilio_from: str | None = Field(
        None, validation_alias="TWILIO_FROM", description="The number that texts come from, such as +15125550199."
    )
    twilio_messaging_service_sid: str | None = Field(
        None, validation_alias="TWILIO_MESSAGING_SERVICE_SID", description="A Messaging Service (MG...) to send from instead of one number."
    )
    twilio_voice_from: str | None = Field(
        None,
        validation_alias="TWILIO_VOICE_FROM",
        description="The number that calls come from, such as +15125550199. Without it TWILIO_FROM; without both calls are off.",
    )
    twilio_api_url: str = Field(
        "https://api.twilio.com", validation_alias="TWILIO_API_URL", description="Another Twilio-compatible server."
    )

    meta_api_url: str = Field(
        "https://graph.facebook.com/v25.0",
        validation_alias="META_API_URL",
        description="Where leads of Meta's Lead Ads are fetched: the Graph API with its version.",
    )
    trustedform_api_key: SecretStr | None = Field(
        None,
        validation_alias="TRUSTEDFORM_API_KEY",
        description="The key of your TrustedForm account: with it, certificates that come with leads are retained as they arrive.",
    )
    trustedform_api_url: str = Field(
        "https://cert.trustedform.com", validation_alias="TRUSTEDFORM_API_URL", description="Another TrustedForm-compatible server."
    )
    smtp_url: SecretStr | None = Field(
        None,
        validation_alias="SMTP_URL",
        description="The server that email leaves through: smtps://user:password@mail.example.com, or smtp:// with STARTTLS, "
        "with %-signs as in any URL. Without it email is off.",
    )

    imap_url: SecretStr | None = Field(
        None,
        validation_alias="IMAP_URL",
        description="The mailbox where borrowers' answers arrive: imaps://user:password@imap.example.com/INBOX. It is read, never changed.",
    )
    email_inbound_key: SecretStr | None = Field(
        None,
        validation_alias="EMAIL_INBOUND_KEY",
        description="The key with which a mail provider hands answers to POST /email/inbound, instead of IMAP_URL or beside it.",
    )

    @field_validator("key")
    @classmethod
    def _hard_to_guess(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and (len(key.get_secret_value()) < SHORTEST_KEY or len(set(key.get_secret_value())) < LEAST_VARIED):
            raise PydanticCustomError("weak_key", "It is easy to guess. Make a good one with leadbell key new")
        return key

    @field_validator("email_inbound_key")
    @classmethod
    def _no_weak_door(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and len(key.get_secret_value()) < SHORTEST_DOOR_KEY:
            raise PydanticCustomError("weak_key", "It is easy to guess. Make a good one with leadbell key new")
        return key

    @property
    def slack_is_on(self) -> bool:
        """Raises BadSettings where leads would ring and nobody could claim one, for want of a way on which presses reach us."""
        if self.slack_bot_token is not None and self.slack_app_token is None and self.slack_signing_secret is None:
            raise BadSettings("SLACK_BOT_TOKEN is set, so Slack is on. For presses set SLACK_APP_TOKEN, or SLACK_SIGNING_SECRET for HTTP.")
        return self.slack_bot_token is not None

    @property
    def mailbox(self) -> "Mailbox | None":
        """The mailbox that is read, None where none is. Raises BadSettings where it is written wrongly."""
        if self.imap_url is None:
            return None
        mailbox = read_imap_url(self.imap_url.get_secret_value())
        if mailbox is None:
            raise BadSettings("IMAP_URL must look like imaps://user:password@imap.example.com:993/INBOX, with %-signs as in any URL.")
        return mailbox

    @property
    def hears_email(self) -> bool:
        """Whether answers to our email reach us."""
        return self.imap_url is not None or self.email_inbound_key is not None

    @property
    def mail(self) -> "MailServer | None":
        """The server that email leaves through, None when email is off. Raises BadSettings that names what is missing or wrong."""
        if self.smtp_url is None:
            return None
        server = read_smtp_url(self.smtp_url.get_secret_value())
        if server is None:
            raise BadSettings("SMTP_URL must look like smtps://user:password@mail.example.com:465 or smtp://mail.example.com:587.")
        if self.public_url is None:
            raise BadSettings("SMTP_URL is set, so email is on. For its unsubscribe links set LEADBELL_PUBLIC_URL too.")
        return server

    @property
    def twilio(self) -> "TwilioAccount | None":
        """Where texts go and come from, None when texts are off. Raises BadSettings that names what is missing."""
        if self.twilio_account_sid is None:
            return None
        sender = self.twilio_messaging_service_sid or self.twilio_from
        needed = {
            "TWILIO_AUTH_TOKEN": self.twilio_auth_token,
            "TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID": sender,
            "LEADBELL_PUBLIC_URL": self.public_url,
        }
        missing = [name for name, value in needed.items() if value is None]
        if self.twilio_auth_token is None or sender is None or self.public_url is None:
            raise BadSettings(f"TWILIO_ACCOUNT_SID is set, so texts are on. For them set {', '.join(missing)} too.")
        return TwilioAccount(
            self.twilio_account_sid,
            self.twilio_auth_token.get_secret_value(),
            sender,
            self.twilio_api_url,
            self.public_url.rstrip("/"),
            self.twilio_voice_from or self.twilio_from,
            None if self.twilio_old_auth_token is None else self.twilio_old_auth_token.get_secret_value(),
        )


@dataclass(frozen=True, slots=True, repr=False)
class TwilioAccount:
    """What texts and calls need. `sender` is a number of ours or a Messaging Service; Twilio reaches us below `public_url`. Calls come from
    the number `voice`; None while they are off. What is signed with `old_auth_token` is Twilio's too, while the token is changed."""

    sid: str
    auth_token: str
    sender: str
    api_url: str
    public_url: str
    voice: str | None = None
    old_auth_token: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class MailServer:
    """A mail server. `encrypted` from the first byte on; else STARTTLS where it is offered, and always where a password is told."""

    host: str
    port: int
    username: str | None
    password: str | None
    encrypted: bool


def read_smtp_url(url: str) -> MailServer | None:
    """The server that an SMTP_URL names, None where it names none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in SMTP_PORTS or not parts.hostname or parts.path not in ("", "/") or parts.query or parts.fragment:
        return None
    if (parts.username is None) != (parts.password is None):
        return None
    login = [unquote(each) if each is not None else None for each in (parts.username, parts.password)]
    return MailServer(parts.hostname, port or SMTP_PORTS[parts.scheme], login[0], login[1], parts.scheme == "smtps")


@dataclass(frozen=True, slots=True, repr=False)
class Mailbox:
    """A folder on an IMAP server. `encrypted` from the first byte on; else STARTTLS, except to this machine."""

    host: str
    port: int
    username: str
    password: str
    folder: str
    encrypted: bool


def read_imap_url(url: str) -> Mailbox | None:
    """The mailbox that an IMAP_URL names, None where it names none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if (
        parts.scheme not in IMAP_PORTS
        or not parts.hostname
        or not parts.username
        or parts.password is None
        or parts.query
        or parts.fragment
    ):
        return None
    folder = unquote(parts.path.strip("/")) or "INBOX"
    username, password = unquote(parts.username), unquote(parts.password)
    return Mailbox(parts.hostname, port or IMAP_PORTS[parts.scheme], username, password, folder, parts.scheme == "imaps")


def read_settings() -> Settings:
    """The settings of this process. Raises BadSettings that names each variable and what it must be, never what it is."""
    try:
        return Settings()
    except ValidationError as error:
        problems = [f"{problem['loc'][0]}: {problem['msg']}." for problem in error.errors(include_input=False, include_url=False)]
        raise BadSettings("\n".join(problems)) from None
