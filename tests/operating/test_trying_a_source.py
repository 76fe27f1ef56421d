"""`leadbell source new` and `try`: the lines of a source, what would be understood of a request, and what its source would hear."""

import re
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.config import load_config
from bot.errors import LeadbellError
from tests.config.small import SMALL
from tests.sources.goldens import FOLDER


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A company with Zillow as its only source."""
    path = tmp_path / "leadbell.yaml"
    path.write_text(SMALL.replace("    price: 62\n", "    price: 62\n    format: zillow\n"), "utf-8")
    monkeypatch.setenv("LEADBELL_CONFIG", str(path))


def test_a_request_is_shown_as_it_is_understood_with_the_answer() -> None:
    tried = CliRunner().invoke(app, ["source", "try", str(FOLDER / "zillow" / "quote.json")])

    assert tried.exit_code == 0, tried.exception
    said = orjson.loads(tried.stdout)
    assert said["leads"] == orjson.loads((FOLDER / "zillow" / "quote.read.json").read_bytes())["leads"]
    assert said["hears"] == {"status": 200, "body": '{"externalContactReference":"1001"}'}


def test_what_is_not_understood_says_what_to_send(tmp_path: Path) -> None:
    request = tmp_path / "request.json"
    request.write_bytes(b'{"sender": {"firstName": "Dana"}}')

    tried = CliRunner().invoke(app, ["source", "try", str(request), "--source", "zillow"])

    assert isinstance(tried.exception, LeadbellError)
    assert "without a phone or an email nobody can be called back" in str(tried.exception)


def test_the_lines_of_a_new_source_make_a_config_that_checks(tmp_path: Path) -> None:
    made = CliRunner().invoke(app, ["source", "new", "oak-leads", "--format", "leadspedia"])

    assert made.exit_code == 0, made.exception
    lines = [line for line in made.stdout.splitlines() if line.startswith("  ")]
    path = tmp_path / "more.yaml"
    path.write_text(SMALL + "\n".join(lines) + "\n", "utf-8")
    added = load_config(path, {}).sources[-1]
    assert (added.key, added.label, added.secret_env, added.format) == ("oak-leads", "Oak Leads", "LEADBELL_KEY_OAK_LEADS", "leadspedia")
    secret = re.search(r"LEADBELL_KEY_OAK_LEADS=(\S+)", made.stdout)
    assert secret is not None and len(secret[1]) >= 32


@pytest.mark.parametrize(("asked", "says"), [(["Oak Leads"], "oak-leads"), (["oak", "--format", "zilow"], "zillow")])
def test_what_cannot_be_a_source_says_what_to_write(asked: list[str], says: str) -> None:
    made = CliRunner().invoke(app, ["source", "new", *asked])

    assert isinstance(made.exception, LeadbellError) and says in str(made.exception)
