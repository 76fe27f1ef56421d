"""leadbell init: eight questions, asked again where an answer does not fit, and files that work as they are."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cli import as_started
from bot.config import load_config, warnings
from bot.sandbox.server import running_sandbox
from bot.sandbox.workspace import BOT_TOKEN
from bot.setting_up import Answers, Person, files_of
from bot.settings import Settings
from tests.conftest import EXAMPLE, NOON
from tests.doubles.forks import run_forked
from tests.doubles.processes import command
from tests.doubles.waiting import PATIENCE

ROOT = EXAMPLE.parent
COMPANY = ["Summit Home Loans LLC", "Summit", "445566", "TX, OK", "1 Main St, Austin, TX 78701"]
TEAM = ["Austin", "", "", "#new-leads"]
PEOPLE = ["Ana Cruz ana@summit.example, Bo Reed bo@summit.example", "2"]


def init(folder: Path, *answers: str, options: tuple[str, ...] = (), **environ: str) -> subprocess.CompletedProcess[str]:
    typed = "".join(f"{answer}\n" for answer in answers)
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environ}
    return run_forked("bot", "init", *options, env=environ, cwd=folder, typed=typed, apart=True)


def test_eight_answers_make_a_config_that_checks_and_keys_that_fit_it(tmp_path: Path) -> None:
    ended = init(tmp_path, *COMPANY, *TEAM, *PEOPLE)
    assert ended.returncode == 0, ended.stderr
    config = load_config(tmp_path / "leadbell.yaml", {})
    assert (config.company.display_name, config.company.nmls_id) == ("Summit", "445566")
    [team] = config.teams
    assert (team.key, team.time_zone, team.channel.slack, team.manager) == ("austin", "America/Chicago", "#new-leads", "bo")
    assert [(each.key, each.role, each.teams) for each in config.officers] == [("ana", "officer", ("austin",)), ("bo", "manager", ())]
    assert warnings(config, NOON.date()) == []
    assert "Next:\n1. Make the Slack app" in ended.stdout
    assert "/invite @Leadbell in #new-leads" in ended.stdout
    lines = (tmp_path / "leadbell.env").read_text()
    assert all(f"{field.validation_alias}=" in lines for field in Settings.model_fields.values())
    checked = subprocess.run(
        ["sh", "-ec", f"set -a; . ./leadbell.env; set +a; {sys.executable} -m bot check"],
        cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert checked.stdout.endswith("leadbell.yaml is fine.\n"), checked.stderr


@pytest.mark.fault(81)
def test_secrets_are_made_anew_and_only_their_owner_may_read_them(tmp_path: Path) -> None:
    keys = set()
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        init(folder, *COMPANY, *TEAM, *PEOPLE)
        file = folder / "leadbell.env"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        keys.add(next(line for line in file.read_text().splitlines() if line.startswith("LEADBELL_KEY_WEBSITE=")))
    assert len(keys) == 2
    assert all(len(key) > 40 for key in keys)


def test_what_does_not_fit_is_asked_again_with_what_is_wrong(tmp_path: Path) -> None:
    ended = init(
        tmp_path,
        "Summit Home Loans LLC", "", "NMLS 12", "445566", "Texas", "TX ok", "1 Main St, Austin, TX 78701",
        "Austin", "Mars", "central", "America/Chicago", "daily", "mon-fri: 9am-6pm", "new leads", "#new-leads",
        "ana@summit.example", "Ana Cruz nowhere", "Ana Cruz ana@summit.example", "3", "1",
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    for told in (
        "An NMLS id has digits only",
        "Did you mean TX?",
        "is not a time zone",
        "Did you mean America/Chicago?",
        "Write days, a colon and hours",
        'Did you mean "#new-leads"?',
        "Write each person as a name and an email",
        "This is not an email address.",
        "Write a number from 1 to 1.",
    ):
        assert told in ended.stdout
    [alone] = load_config(tmp_path / "leadbell.yaml", {}).officers
    assert (alone.role, alone.teams) == ("manager", ("austin",))


def test_answers_that_end_early_write_nothing(tmp_path: Path) -> None:
    ended = init(tmp_path, *COMPANY)
    assert ended.returncode == 1
    assert ended.stderr == "The questions were not answered to the end, so nothing was written.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_replaced_only_by_a_yes(tmp_path: Path) -> None:
    (tmp_path / "leadbell.yaml").write_text("mine")
    (tmp_path / "Caddyfile").write_text("mine too")
    ended = init(tmp_path, *COMPANY, *TEAM, *PEOPLE, "", "y")
    assert ended.returncode == 0, ended.stderr
    assert "leadbell.yaml was left as it is." in ended.stdout
    assert (tmp_path / "leadbell.yaml").read_text() == "mine"
    assert "reverse_proxy 127.0.0.1:8080" in (tmp_path / "Caddyfile").read_text()


def test_without_an_answer_no_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "leadbell.yaml").write_bytes(b"mine, in another encoding: \xe9")
    assert init(tmp_path, *COMPANY, *TEAM, *PEOPLE).returncode == 0
    assert (tmp_path / "leadbell.yaml").read_bytes() == b"mine, in another encoding: \xe9"


def test_what_is_left_to_do_can_be_typed_as_it_stands(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LEADBELL_CONFIG": str(tmp_path / "etc" / "leadbell.yaml")}
    answers = "".join(f"{each}\n" for each in (*COMPANY, *TEAM, *PEOPLE))
    asked = [sys.executable, "-m", "bot", "init"]
    ended = subprocess.run(asked, cwd=tmp_path, input=answers, capture_output=True, text=True, timeout=PATIENCE, env=environ)

    assert f"set -a; . {tmp_path}/etc/leadbell.env; set +a; {sys.executable} -m bot check --live" in ended.stdout, ended.stderr
    assert f"Start it: {sys.executable} -m bot run." in ended.stdout
    without_a_key = subprocess.run([*asked[:-1], "run"], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, env=environ)
    assert f"Make one: {sys.executable} -m bot key new." in without_a_key.stderr


@pytest.mark.parametrize("on_path", [True, False])
def test_a_script_is_called_by_its_name_only_where_the_shell_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, on_path: bool
) -> None:
    script = tmp_path / "leadbell"
    script.touch(0o755)
    monkeypatch.setattr("sys.argv", [str(script), "run"])
    monkeypatch.setenv("PATH", str(tmp_path) if on_path else "")

    name = "leadbell" if on_path else str(script)
    assert as_started("First leadbell key new, then leadbell run; leadbell.yaml stays.") == (
        f"First {name} key new, then {name} run; leadbell.yaml stays."
    )


async def test_with_a_token_the_channels_people_are_offered_and_guests_are_not(tmp_path: Path) -> None:
    async with running_sandbox() as sandbox:
        code, said = await command(
            "sqlite:///unused.db", "init", config=tmp_path / "leadbell.yaml",
            typed=[*COMPANY, "Austin", "", "", "#leads", "1, 6", "2"], SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_API_URL=sandbox.api_url,
        )  # fmt: skip
    assert code == 0, said
    assert "1. Maya Torres <maya@acme.example>" in said
    assert "Gus" not in said
    people = load_config(tmp_path / "leadbell.yaml", {}).officers
    assert [(each.name, each.slack, each.role) for each in people] == [
        ("Maya Torres", "U0MAYA", "officer"),
        ("Sam Whitaker", "U0SAM", "manager"),
    ]


async def test_where_slack_does_not_tell_the_people_are_typed(tmp_path: Path) -> None:
    async with running_sandbox() as sandbox:
        code, said = await command(
            "sqlite:///unused.db", "init", config=tmp_path / "leadbell.yaml",
            typed=[*COMPANY, "Austin", "", "", "#no-such", *PEOPLE], SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_API_URL=sandbox.api_url,
        )  # fmt: skip
    assert code == 0, said
    assert "Leadbell is not in #no-such: type /invite @Leadbell there." in said
    assert [each.key for each in load_config(tmp_path / "leadbell.yaml", {}).officers] == ["ana", "bo"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60, deadline=None)
@given(
    name=st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=60).filter(
        lambda text: not any(map(str.isdigit, text))
    ),
    dba=st.none() | st.sampled_from(["Acme: Home # Loans", 'The "Best" \\ Bank', "- dash", "{{ braces }}", "null", "*star"]),
)
def test_whatever_a_company_is_called_is_read_back_as_it_was_typed(name: str, dba: str | None, tmp_path: Path) -> None:
    maya = Person("maya", name, "maya@acme.example")
    answers = Answers(name, dba, "1", ("TX",), name, name, "America/Chicago", {"mon-fri": "8am-8pm"}, "#leads", (maya,), maya)
    path = tmp_path / "leadbell.yaml"
    path.write_text(files_of(answers, Settings())[Path("leadbell.yaml")], "utf-8")
    config = load_config(path, {})
    assert (config.company.legal_name, config.company.dba, config.officers[0].name) == (name, dba, name)
