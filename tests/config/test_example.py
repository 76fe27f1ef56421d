"""The example file that demo and tests load is a good config, and the table shows what was understood."""

import re
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from bot.config import Config, canonical_text, describe, load_config, warnings
from tests.config.small import changed, load_text

EXAMPLE = Path(__file__).parents[2] / "leadbell.example.yaml"
TODAY = date(2026, 11, 24)


@pytest.fixture
def example() -> Config:
    return load_config(EXAMPLE, {})


def _shown(config: Config) -> str:
    console = Console(width=80, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(*describe(config))
    return capture.get()


def test_the_example_loads_without_a_warning(example: Config) -> None:
    assert warnings(example, TODAY) == []


def test_the_example_holds_the_acme_team(example: Config) -> None:
    officers = {officer.key: officer for officer in example.officers}

    assert example.company.display_name == "Acme Mortgage"
    assert [team.key for team in example.teams] == ["austin", "south"]
    assert list(officers) == ["maya", "luis", "priya", "omar", "tess", "sam", "cora"]
    assert officers["maya"].phone == "+15125550101"
    assert {license.state: license.expires for license in officers["maya"].licenses} == {"TX": date(2027, 12, 31), "OK": date(2027, 12, 31)}
    assert officers["luis"].languages == ("en", "es")
    assert (officers["priya"].slack, officers["priya"].daily_cap, officers["priya"].purposes) == ("U0PRIYA", 20, ("purchase", "refinance"))
    assert officers["omar"].teams == ("austin", "south")


def test_every_source_of_the_example_names_its_team_and_its_variable(example: Config) -> None:
    assert [(source.key, example.team_of(source), source.secret_env, source.price) for source in example.sources] == [
        ("website", "austin", "LEADBELL_KEY_WEBSITE", 0),
        ("zillow", "austin", "LEADBELL_KEY_ZILLOW", 62),
        ("lendingtree", "austin", "LEADBELL_KEY_LENDINGTREE", 48),
        ("partner", "south", "LEADBELL_KEY_PARTNER", None),
    ]


def test_a_source_without_a_team_sends_to_the_default_team(tmp_path: Path) -> None:
    config = load_text(tmp_path, changed())

    assert config.team_of(config.sources[0]) == "austin"


def test_the_canonical_text_gives_the_same_config_and_the_same_text_back(example: Config) -> None:
    text = canonical_text(example)
    again = Config.model_validate_json(text)

    assert again == example
    assert canonical_text(again) == text


def test_an_address_on_several_lines_is_joined_by_commas(tmp_path: Path) -> None:
    config = load_text(tmp_path, changed(("100 Congress Ave, Austin, TX 78701", "|\n    100 Congress Ave\n    Austin, TX 78701")))

    assert config.company.postal_address == "100 Congress Ave, Austin, TX 78701"


def test_comments_and_another_way_to_write_the_same_do_not_change_the_canonical_text(tmp_path: Path) -> None:
    plain = load_text(tmp_path, changed())
    other = load_text(tmp_path, changed(("company:", "# ours\ncompany:"), ("8am-8pm", "8:00-20:00"), ("[TX, OK]", "[{state: tx}, OK]")))

    assert canonical_text(other) == canonical_text(plain)


def test_the_table_shows_teams_officers_and_sources_at_eighty_columns(example: Config) -> None:
    shown = _shown(example)

    assert shown == (Path(__file__).parent / "example_table.txt").read_text()
    assert max(len(line) for line in shown.splitlines()) <= 80


def test_the_table_shows_a_name_with_brackets_as_it_is(tmp_path: Path) -> None:
    config = load_text(tmp_path, changed(("label: Zillow", 'label: "[bold]Z[/nope]"')))

    assert "[bold]Z[/nope]" in _shown(config)


def test_rules_that_stand_in_comments_are_good_when_they_are_uncommented(tmp_path: Path) -> None:
    written = EXAMPLE.read_text("utf-8").replace("# partners:\n#   -", "partners:\n  -")
    before, _, rest = written.partition("\nrouting:\n")
    block, _, after = rest.partition("\n\n")

    config = load_text(tmp_path, f"{before}\nrouting:\n{re.sub('^  # ', '  ', block, flags=re.MULTILINE)}\n\n{after}")

    assert [rule.mode for rule in config.routing] == [
        "direct",
        "claim",
        "claim",
        "round_robin",
        "claim",
        "staggered",
        "blind_pull",
        "claim",
    ]


@pytest.mark.parametrize("section", ["partners", "escalation_policies"])
def test_what_stands_in_comments_is_good_when_it_is_uncommented(section: str, tmp_path: Path) -> None:
    written = EXAMPLE.read_text("utf-8")
    block = written.partition(f"# {section}:\n")[2].partition("\n\n")[0]
    uncommented = "\n".join(line[2:] for line in block.splitlines() if line.startswith("#  "))

    config = load_text(tmp_path, f"{written}\n{section}:\n{uncommented}\n")

    assert len(getattr(config, section)) >= 1


def test_how_sources_speak_is_good_when_it_is_uncommented(tmp_path: Path) -> None:
    before, _, rest = EXAMPLE.read_text("utf-8").partition("\nsources:\n")
    block, _, after = rest.partition("\n# Pages of ours")
    uncommented = re.sub(r"^    # (?=format|application_url|old_secret_env)", "    ", block, flags=re.MULTILINE)
    uncommented = re.sub(r"^#", " ", uncommented, flags=re.MULTILINE)

    config = load_text(tmp_path, f"{before}\nsources:\n{uncommented}\n# Pages of ours{after}")

    assert [source.format for source in config.sources if source.key == "zillow"] == ["zillow"]
    assert [source.key for source in config.sources if source.mapping] == ["facebook", "partner"]
    assert [source.key for source in config.sources if source.ping or source.meta] == ["exchange", "facebook"]
