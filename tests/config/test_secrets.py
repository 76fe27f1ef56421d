"""Secrets live in the environment: not in the file, and in no error."""

from pathlib import Path

import pytest

from bot.config import ConfigError, load_config
from tests.config.small import SMALL, changed, problems_of

SECRETS = (
    "xoxb-1234567890-abcdefghij",
    "4f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c",
    "sk_live_51Habcdefgh",
    "9b2f7c1e-3a4d-4e5f-8a9b-0c1d2e3f4a5b",
    "AC0123456789abcdef0123456789abcdef",
    "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs",
)

PLACES = (
    ("secret_env: LEADBELL_KEY_ZILLOW", "secret_env: {}"),
    ("key: zillow", "key: {}"),
    ("label: Zillow", "label: {}"),
    ("price: 62", "secret: {}"),
    ("price: 62", "{}: 62"),
    ("role: team_lead", "role: {}"),
    ("teams: austin\n", "teams: [austin, {}]\n"),
    ("mon-fri:", "{}:"),
    ("[tess]", "*{}"),
    ("[tess]", "!{}!x y"),
    ('{slack: "#leads"}', "{}"),
)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(("place", "filled"), PLACES)
@pytest.mark.fault(81)
def test_a_secret_in_the_file_is_a_problem_that_does_not_repeat_it(secret: str, place: str, filled: str, tmp_path: Path) -> None:
    text = changed((place, filled.replace("{}", secret)))

    problems = problems_of(tmp_path, text)

    assert secret.lower() not in str(ConfigError(tmp_path, problems)).lower()


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_in_place_of_the_name_of_a_variable_is_recognized(secret: str, tmp_path: Path) -> None:
    text = changed(("LEADBELL_KEY_ZILLOW", secret))

    [problem] = problems_of(tmp_path, text)

    assert str(problem) == (
        "line 29, sources[0].secret_env\n"
        "    This looks like a secret. Put it into an environment variable, and write\n"
        "    that variable's name under secret_env."
    )


def test_a_key_for_secrets_is_pointed_to_the_environment(tmp_path: Path) -> None:
    text = changed(("price: 62", "api_key: demo-key"))

    [problem] = problems_of(tmp_path, text)

    assert str(problem) == (
        "line 30, sources[0].api_key\n    Secrets stay out of this file. Write secret_env: and the name of an\n    environment variable."
    )


@pytest.mark.fault(81)
def test_a_secret_that_is_easy_to_guess_is_refused_without_being_repeated(tmp_path: Path) -> None:
    file = tmp_path / "leadbell.yaml"
    file.write_text(SMALL)

    with pytest.raises(ConfigError) as caught:
        load_config(file, {"LEADBELL_KEY_ZILLOW": "demo-key"}, require_secrets=True)
    [problem] = caught.value.problems

    assert "The key in LEADBELL_KEY_ZILLOW is easy to guess." in " ".join(str(problem).split())
    assert "demo-key" not in str(problem)


def test_a_missing_secret_matters_only_when_secrets_are_needed(tmp_path: Path) -> None:
    file = tmp_path / "leadbell.yaml"
    file.write_text(SMALL)

    load_config(file, {})
    load_config(file, {"LEADBELL_KEY_ZILLOW": "a-key-for-tests"}, require_secrets=True)
    with pytest.raises(ConfigError) as caught:
        load_config(file, {"LEADBELL_KEY_ZILLOW": ""}, require_secrets=True)
    [problem] = caught.value.problems

    assert str(problem) == (
        "line 29, sources[0].secret_env\n"
        "    The environment variable LEADBELL_KEY_ZILLOW is not set. Put this source's\n"
        "    key into it: a long random text that you give to the vendor."
    )


def test_a_missing_secret_is_told_together_with_everything_else(tmp_path: Path) -> None:
    file = tmp_path / "leadbell.yaml"
    file.write_text(changed(("price: 62", "price: much")))

    with pytest.raises(ConfigError) as caught:
        load_config(file, {}, require_secrets=True)

    assert [problem.path for problem in caught.value.problems] == ["sources[0].secret_env", "sources[0].price"]


def test_long_names_with_hyphens_and_years_are_not_taken_for_secrets(tmp_path: Path) -> None:
    file = tmp_path / "leadbell.yaml"
    file.write_text(
        changed(("key: zillow", "key: zillow-north-branch-campaign-2027"), ("label: Zillow", "label: Zillow 2027/Q1 North-Branch"))
    )

    config = load_config(file, {})

    assert config.sources[0].key == "zillow-north-branch-campaign-2027"
