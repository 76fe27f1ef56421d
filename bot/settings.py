"""What the environment says. Secrets come from here and nowhere else."""

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import BadSettings


class Settings(BaseSettings):
    """Each field is one environment variable; the README's table lists them all."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    database_url: str = Field(
        "sqlite:///data/leadbell.db",
        validation_alias="LEADBELL_DATABASE_URL",
        description="Where the store is: a SQLite file or a PostgreSQL database.",
    )
    config: Path = Field(
        Path("leadbell.yaml"), validation_alias="LEADBELL_CONFIG", description="The config file: company, teams, officers, sources."
    )
    host: str = Field(
        "127.0.0.1",
        validation_alias="LEADBELL_HOST",
        description="The address to listen on: 0.0.0.0 in a container, else leave it behind a reverse proxy.",
    )
    port: int = Field(8080, validation_alias="LEADBELL_PORT", description="The port that leads and webhooks arrive on.")
    sandbox_port: int = Field(
        8081,
        validation_alias="LEADBELL_SANDBOX_PORT",
        description="The port of the demo's stand-in Slack and phone network, and their page.",
    )
    slack_bot_token: SecretStr | None = Field(
        None, validation_alias="SLACK_BOT_TOKEN", description="The bot token (xoxb-...). Without it Slack is off."
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


def read_settings() -> Settings:
    """The settings of this process. Raises BadSettings that names each variable and what it must be, never what it is."""
    try:
        return Settings()
    except ValidationError as error:
        problems = [f"{problem['loc'][0]}: {problem['msg']}." for problem in error.errors(include_input=False, include_url=False)]
        raise BadSettings("\n".join(problems)) from None
