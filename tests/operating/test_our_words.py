"""`leadbell check` reads what stands ready for borrowers: templates, sequences, and what the config answers."""

import os
from pathlib import Path

import pytest
import typer

from bot import cli
from bot.config import Config, load_config
from bot.config.drips import Sequence
from bot.oversight import our_words
from bot.oversight.our_words import wrong_words
from tests.doubles.databases import fresh_sqlite
from tests.doubles.office import environment

EXAMPLE = Path("leadbell.example.yaml")


@pytest.fixture
def config() -> Config:
    return load_config(EXAMPLE, os.environ)


def test_what_ships_is_fit_for_borrowers(config: Config) -> None:
    assert list(wrong_words(config)) == []


def test_an_answer_of_the_config_that_offers_a_rate_is_told_with_its_place(config: Config) -> None:
    assert config.texting is not None
    texting = config.texting.model_copy(update={"help_text": "Acme Mortgage. Refinance from 5.9%! Reply STOP to opt out."})

    [told] = wrong_words(config.model_copy(update={"texting": texting}))

    assert told.startswith('texting.help_text: It mentions "5.9%": a rate needs its APR')


def test_a_step_of_a_sequence_is_told_once_for_each_language(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    words = "Hi {{ first_name }}, {{ company }}, NMLS {{ nmls }}: guaranteed approval. Reply STOP to opt out."
    step = {"after": "1 day", "sms": {"en": words, "es": words}}
    sequence = Sequence.model_validate({"key": "bad", "name": {"en": "Bad", "es": "Mala"}, "stages": ["new"], "steps": [step]})
    monkeypatch.setattr(our_words, "library", lambda: {"bad": sequence})

    told = list(wrong_words(config))

    assert told == [
        f"messages/drips/bad.yaml, step 1, {language}: {what}"
        for language in ("en", "es")
        for what in ('It says "guaranteed approval": nobody may promise that.', 'It leaves a place empty: "Hi ,".')
    ]


@pytest.mark.parametrize("apply", [False, True])
def test_the_command_says_so_and_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, apply: bool
) -> None:
    file = tmp_path / "leadbell.yaml"
    file.write_text(EXAMPLE.read_text("utf-8").replace("Call (512) 555-0199 any time.", "bit.ly/acme"), "utf-8")
    for name, value in {**environment(), "LEADBELL_DATABASE_URL": fresh_sqlite(tmp_path), "LEADBELL_CONFIG": str(file)}.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(typer.Exit):
        cli.check(apply=apply, overwrite=False, live=False)

    assert 'Not fit for borrowers. texting.stop_text: It links through "bit.ly"' in capsys.readouterr().out
