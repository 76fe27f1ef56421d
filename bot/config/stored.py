"""The config in force as the store holds it, which a newer Leadbell may have applied beside us."""

from dataclasses import dataclass
from functools import lru_cache

from pydantic import ValidationError
from sqlmodel import Session

from bot.config.models import Config
from bot.errors import AppliedByNewer
from bot.store.people import config_before, newest_config


@dataclass(frozen=True, slots=True)
class Stored:
    """The newest config that we understand, its text, and the newest version of all. `behind`: that is another one."""

    version: int
    config: Config
    text: str
    behind: bool


def newest_stored(session: Session) -> Stored | None:
    """None in an empty store. Raises AppliedByNewer where we understand no version."""
    newest = found = newest_config(session)
    if newest is None:
        return None
    while found is not None:
        if (config := read_stored(found.text)) is not None:
            return Stored(newest.id, config, found.text, behind=found.id != newest.id)
        found = config_before(session, found.id)
    raise AppliedByNewer


@lru_cache(maxsize=8)
def read_stored(text: str) -> Config | None:
    """None where it says what we do not understand. A key of a newer Leadbell that the config makes no use of says nothing; but to pass
    over one that it does use, such as a condition, could give leads to anybody."""
    try:
        return Config.model_validate_json(text)
    except ValidationError as error:
        if any(each["type"] != "extra_forbidden" or each["input"] for each in error.errors(include_url=False)):
            return None
    try:
        return Config.model_validate_json(text, extra="ignore")
    except ValidationError:
        return None
