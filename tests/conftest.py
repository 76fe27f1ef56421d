"""What most tests stand on: both kinds of store, filled with the example company."""

import gc
import os
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.constants_ast import Constants

from bot.config import Config, load_config
from bot.configuring import apply_config
from bot.nurture.drips import keep_library
from bot.store.database import Store
from bot.store.installation import prepare
from tests.doubles.databases import Filling, fresh_store
from tests.doubles.statements import compile_once

# How long an example takes says how busy the machine is. Each run tries the same examples, so that none fails by chance;
# `make test ARGS="--hypothesis-profile new-examples"` tries others.
settings.register_profile("new-examples", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same-examples", settings.get_profile("new-examples"), derandomize=True)
settings.load_profile("same-examples")
# Hypothesis also draws from what stands in the modules imported so far, which differ from worker to worker.
patch("hypothesis.internal.conjecture.providers._get_local_constants", Constants).start()
compile_once()
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes are started, and each would compile the whole package again

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
"""A Tuesday, noon in Austin."""
EXAMPLE = Path(__file__).parent.parent / "leadbell.example.yaml"


def pytest_xdist_auto_num_workers() -> int:
    """Three for each core: most of a story is waiting."""
    return min(3 * (os.cpu_count() or 1), 12)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Nothing that is collected is garbage: to look for some takes a fourth of the time, and a while after each test."""
    gc.disable()
    collected = yield
    gc.freeze()
    gc.enable()
    return collected


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of store."""
    return str(request.param)


@pytest.fixture
def store(kind: str, tmp_path: Path) -> Iterator[Store]:
    """An empty store, once of each kind."""
    opened = fresh_store(kind, tmp_path)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def example() -> Config:
    return load_config(EXAMPLE, os.environ)


def _found_the_company(store: Store) -> None:
    store.transact_now(prepare, "00" * 32, NOON)
    store.transact_now(keep_library)
    store.transact_now(apply_config, load_config(EXAMPLE, os.environ), by="test", at=NOON, salt="test")


COMPANY = Filling("company", _found_the_company)


@pytest.fixture
def company(kind: str, tmp_path: Path) -> Iterator[Store]:
    """A store with the example company in it, once of each kind."""
    opened = fresh_store(kind, tmp_path, COMPANY)
    yield opened
    opened.close()
