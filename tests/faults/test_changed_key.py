"""A source's key is changed without a lead lost: both are good while both are written, and then the old one is refused."""

import pytest

from bot.config.models import Config
from bot.configuring import apply_config
from bot.in_force import newest
from bot.sources.request import LeadRequest
from bot.store.database import Store
from tests.conftest import NOON

KEYS = {"LEADBELL_KEY_WEBSITE": "the-new-one", "LEADBELL_KEY_WEBSITE_OLD": "the-old-one"}


def with_old_key(config: Config, name: str | None) -> Config:
    sources = tuple(source.model_copy(update={"old_secret_env": name}) if source.key == "website" else source for source in config.sources)
    return config.model_copy(update={"sources": sources})


def accepted(store: Store, config: Config, key: str) -> bool:
    """Whether this key opens the door of the website once the config is in force."""
    store.transact_now(apply_config, config, by="test", at=NOON, salt="salt")
    in_force = store.transact_now(newest, KEYS)
    assert in_force is not None
    return in_force.sources["website"].accepts(LeadRequest({"authorization": f"Bearer {key}"}, {}, b"{}"))


@pytest.mark.fault(64)
def test_both_keys_are_good_while_both_are_written_and_then_the_old_one_is_not(company: Store, example: Config) -> None:
    both = with_old_key(example, "LEADBELL_KEY_WEBSITE_OLD")
    assert [accepted(company, both, key) for key in ("the-new-one", "the-old-one", "another")] == [True, True, False]

    new_alone = with_old_key(example, None)

    assert [accepted(company, new_alone, key) for key in ("the-new-one", "the-old-one")] == [True, False]
