"""leadbell.yaml: the company, its teams, officers and sources, read and checked with every problem told at once."""

from bot.config.advice import advice_on_segments, warnings
from bot.config.emailing import MissingForEmail, missing_before_email, what_email_lacks
from bot.config.hours import Week
from bot.config.loading import canonical_text, load_config
from bot.config.models import Channel, Company, Config, License, Officer, Retired, Source, Team
from bot.config.problems import ConfigError, Problem
from bot.config.table import describe
from bot.config.texting import Missing, missing_before_alarms, missing_before_calls, missing_before_texting, what_is_missing
from bot.config.vocabulary import LANGUAGES, STATES

__all__ = [
    "LANGUAGES",
    "STATES",
    "Channel",
    "Company",
    "Config",
    "ConfigError",
    "License",
    "Missing",
    "MissingForEmail",
    "Officer",
    "Problem",
    "Retired",
    "Source",
    "Team",
    "Week",
    "advice_on_segments",
    "canonical_text",
    "describe",
    "load_config",
    "missing_before_alarms",
    "missing_before_calls",
    "missing_before_email",
    "missing_before_texting",
    "warnings",
    "what_email_lacks",
    "what_is_missing",
]
