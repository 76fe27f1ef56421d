"""A source whose key a running Leadbell does not have is named: in the log, in /readyz and, once a minute, where it is refused."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.config.models import Source
from bot.configuring import apply_config
from tests.doubles.databases import fresh_sqlite
from tests.doubles.office import DANA, KEY, Office, office_at_work

OAK = Source(key="oak", label="Oak", secret_env="LEADBELL_KEY_OAK")
LACKS_OAK = "source oak: what needs LEADBELL_KEY_OAK is refused, which this process was not started with; set it and restart"


def told(logged: list[Any], words: str) -> list[Mapping[str, Any]]:
    return [each for each in logged if words in each["event"]]


async def oak_comes_into_force(office: Office) -> None:
    """As `leadbell check --apply` does it, from a shell that has the key."""
    services = office.services
    assert services is not None
    config = services.in_force.config
    config = config.model_copy(update={"sources": (*config.sources, OAK)})
    await services.store.transact(apply_config, config, by="test", at=services.clock.now(), salt="salt")

    async def is_known() -> bool:
        return (await office.post("oak", json=DANA))[0] != 404

    await office.until(is_known, "a door for oak")


async def test_a_new_source_without_a_key_here_is_named_and_the_others_come_in(any_office: Office) -> None:
    office = any_office

    with capture_logs() as logged:
        await oak_comes_into_force(office)
        for _ in range(2):
            assert (await office.post("oak", json=DANA))[0] == 401

    assert await office.get("/readyz") == (200, {"ready": True, "reasons": [LACKS_OAK]})
    assert [each["log_level"] for each in told(logged, LACKS_OAK)] == ["warning"]
    assert [each["source"] for each in told(logged, "its key is missing or wrong")] == ["oak"]
    assert KEY not in f"{logged}"
    await office.lead_arrives()


async def test_a_wrong_key_is_told_once_a_minute_for_each_source_and_never_said(office: Office) -> None:
    wrong = {"Authorization": "Bearer somebody-elses"}

    with capture_logs() as logged:
        for source in ("website", "website", "zillow"):
            assert (await office.post(source, json=DANA, headers=wrong))[0] == 401

    assert [each["source"] for each in told(logged, "its key is missing or wrong")] == ["website", "zillow"]
    assert "somebody-elses" not in f"{logged}"


async def test_a_start_names_the_keys_that_are_missing_or_easy_to_guess_and_takes_in_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LEADBELL_KEY_ZILLOW")
    monkeypatch.setenv("LEADBELL_KEY_PARTNER", "open-sesame")
    lacks = LACKS_OAK.replace("oak", "zillow").replace("OAK", "ZILLOW")
    weak = "source partner: the key in LEADBELL_KEY_PARTNER is easy to guess; put a long random one there and restart"

    with capture_logs() as logged:
        async with office_at_work(tmp_path, fresh_sqlite(tmp_path)) as office:
            assert await office.get("/readyz") == (200, {"ready": True, "reasons": [lacks, weak]})
            await office.lead_arrives()

    assert len(told(logged, lacks)) == len(told(logged, weak)) == 1
    assert "open-sesame" not in f"{logged}"
