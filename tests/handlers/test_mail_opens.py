"""The picture in an email is answered also while nothing can be noted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.requests import Request

from bot.config import Config
from bot.configuring import apply_config
from bot.conversation import mail_opens
from bot.errors import StoreUnavailable
from bot.handlers.web.mail_opens import PIXEL, MailOpens
from bot.services import Services
from bot.store.installation import prepare
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.doubles.databases import fresh_store


@pytest.fixture
def branch(tmp_path: Path, example: Config) -> Iterator[Branch]:
    store = fresh_store("sqlite", tmp_path)
    store.transact_now(prepare, "00" * 32, NOON)
    store.transact_now(apply_config, example, by="test", at=NOON, salt="test")
    yield Branch(store, NOON)
    store.close()


async def test_while_the_store_is_away_the_picture_comes_all_the_same(branch: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(_services: Services, _token: str) -> None:
        raise StoreUnavailable

    monkeypatch.setattr(mail_opens, "note", away)

    answer = await MailOpens(branch.services).show(
        Request({"type": "http", "method": "GET", "path_params": {"token": "1.0"}, "headers": []})
    )

    assert (answer.status_code, bytes(answer.body)) == (200, PIXEL)
