"""A config applied to the store."""

from bot.config import Config
from bot.configuring import apply_config
from bot.store.database import Store
from tests.conftest import NOON


def test_applying_the_same_file_again_changes_nothing(company: Store, example: Config) -> None:
    assert company.transact_now(apply_config, example, by="test", at=NOON, salt="test").changes == ()
