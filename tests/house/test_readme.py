"""The README and docs/ say what the code does: settings, commands, doors, rooms, and every line that people are told to type."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import discord
import pytest
import typer
from pydantic import SecretStr
from ruamel.yaml import YAML
from starlette.routing import Route
from typer.core import TyperGroup

from bot.app import services_of
from bot.cli import app
from bot.clock import SystemClock
from bot.config.drips import Branch, Condition, Ends, Names, Sequence, Step, Trigger
from bot.config.entry import Entry
from bot.handlers.slack.app import Slack
from bot.handlers.web.app import web_app
from bot.handlers.web.calling import TwilioCalls
from bot.handlers.web.twilio import Twilio
from bot.oversight.auditor import Auditor
from bot.settings import Settings
from tests.conftest import EXAMPLE
from tests.doubles.demos import a_demo
from tests.doubles.discord_office import INVITED
from tests.doubles.waiting import PATIENCE
from tests.house.readme import BLOCK, DOCS, README, ROOT, TEXT, anchors, links, shell_blocks, table

STEPS = (".venv/bin/python -m bot init", ".venv/bin/python -m bot check")
PAGES = [README, *DOCS, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
COMMANDS = [line for block in shell_blocks() for line in block.replace("\\\n", " ").splitlines() if not block.startswith("curl")]


def command_rows(group: TyperGroup, name: str) -> Iterator[tuple[str, str]]:
    """Every command, and every command with each of its options, with what their help says."""
    for part, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from command_rows(command, f"{name} {part}")
            continue
        arguments = [parameter.name for parameter in command.params if parameter.param_type_name == "argument"]
        called = " ".join([name, part, *(str(argument).upper() for argument in arguments)])
        yield called, str(command.help)
        for parameter in command.params:
            if parameter.param_type_name == "option":
                yield f"{called} {parameter.opts[0]}", str(getattr(parameter, "help", None))


def the_command() -> TyperGroup:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return group


def is_a_command(typed: list[str]) -> bool:
    """Whether it is one of ours, with something for each argument and one option at most."""
    known = [called.split() for called, _ in command_rows(the_command(), "leadbell")]
    return any(
        len(words) == len(typed) and all(word.isupper() or word == said for word, said in zip(words, typed, strict=True)) for words in known
    )


def test_every_setting_stands_in_the_reference_with_its_default_and_meaning() -> None:
    fields = Settings.model_fields.values()
    wanted = [
        (str(field.validation_alias), "none" if field.default is None else str(field.default), str(field.description)) for field in fields
    ]
    assert table("Settings") == wanted


def test_every_command_and_option_stands_in_the_reference_with_its_help() -> None:
    assert table("Commands") == list(command_rows(the_command(), "leadbell"))


def test_every_field_of_a_sequence_s_file_stands_on_its_page() -> None:
    rooms: dict[str, type[Entry]] = {"": Sequence, "name.": Names, "begins.": Trigger, "ends.": Ends, "steps.": Step}
    rooms |= {"branch.": Branch, "when.": Condition}
    fields = [f"{room}{name}" for room, entry in rooms.items() for name in entry.model_fields]
    told = [name.strip("` ") for row in table("What the file of a sequence holds") for name in row[0].split(",")]

    assert sorted(told) == sorted(set(fields) - {"name", "begins", "ends", "steps"})


async def test_every_http_door_stands_in_the_reference(tmp_path: Path) -> None:
    settings = Settings(
        LEADBELL_DATABASE_URL=f"sqlite:///{tmp_path}/leadbell.db",
        LEADBELL_CONFIG=EXAMPLE,
        SLACK_BOT_TOKEN=SecretStr("xoxb"),
        SLACK_SIGNING_SECRET=SecretStr("a secret"),
        TWILIO_ACCOUNT_SID="AC1",
        TWILIO_AUTH_TOKEN=SecretStr("a token"),
        TWILIO_FROM="+15125550199",
        LEADBELL_PUBLIC_URL="https://leads.example.com",
    )
    async with services_of(settings, SystemClock()) as services:
        assert settings.twilio is not None
        slack, twilio, calls = Slack(services, settings), Twilio(services, settings.twilio), TwilioCalls(services, settings.twilio)
        routes = [route for route in web_app(services, Auditor(services), slack, twilio, calls, "a key").routes if isinstance(route, Route)]
        doors = [f"{method} {route.path}" for route in routes for method in (route.methods or set()) - {"HEAD"}]
        await slack.close()
    assert [row[0] for row in table("HTTP")] == doors


@pytest.mark.parametrize("line", COMMANDS)
def test_every_line_to_type_is_one_that_works(line: str) -> None:
    match shlex.split(line):
        case ["make", target, *_]:
            assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
        case ["export", setting]:
            name = setting.partition("=")[0]
            assert name in [row[0] for row in table("Settings")] or f"secret_env: {name}\n" in EXAMPLE.read_text()
        case ["set", "-a;", ".", "./leadbell.env;", "set", "+a"]:
            pass  # typed below, after the questions
        case [".venv/bin/python", "-m", "bot", *arguments]:
            assert is_a_command(["leadbell", *arguments])
        case ["docker", "compose", "up", "--detach"]:
            assert (ROOT / "compose.yaml").exists()
        case ["docker", "compose", "run", "--rm", service, *arguments]:
            assert service in YAML(typ="safe").load(ROOT / "compose.yaml")["services"]
            assert is_a_command(["leadbell", *arguments])
        case ["sudo", "-u", "leadbell", "sh", "-c", _, "-", *arguments]:
            assert is_a_command(["leadbell", *arguments])  # typed in tests/operating/test_where_the_store_is.py
        case ["leadbell", *_] as typed:
            assert is_a_command(typed)
        case ["docker", "compose", "exec", "leadbell", "python", "-m", "bot", *arguments]:
            assert is_a_command(["leadbell", *arguments])
        case ["docker", "compose", "stop", service]:
            assert service in YAML(typ="safe").load(ROOT / "compose.yaml")["services"]
        case ["sudo", "install", "-d", "-o", user, "-m", "700", folder]:
            assert f"--uid {user} " in (ROOT / "Dockerfile").read_text()
            assert f"      - ./{folder}:/srv/leadbell/{folder} " in (ROOT / "compose.yaml").read_text()
        case ["docker", "compose", "exec", "-T", "database", "pg_dump" | "createdb" | "pg_restore", "-U", "leadbell", *_]:
            pass  # typed in tests/store/test_backup.py, as the next
        case ["pg_dump" | "pg_restore", *_] | ["sudo", "-u", "postgres", "createdb", *_]:
            pass
        case other:
            pytest.fail(f"nobody proves that this works: {other}")


def test_the_readmes_lead_rings_in_the_demo(tmp_path: Path) -> None:
    block = next(block for block in shell_blocks() if block.startswith("curl"))
    assert "/leads/website" in block
    with a_demo(tmp_path) as demo:
        demo.start()
        command = block.replace("http://127.0.0.1:8080", demo.door)
        answers = [json.loads(subprocess.check_output(["bash", "-c", f"set -e; {command}"], stderr=subprocess.PIPE)) for _ in range(2)]
        assert answers[0] == answers[1] == {"lead": answers[0]["lead"], "duplicate": False}
        assert demo.card_of(answers[0]["lead"])["text"].startswith("A, purchase $310k, Austin TX, this month\nDana R., wants a call now, ")


def test_the_steps_to_real_slack_lead_from_eight_answers_to_a_config_that_checks(tmp_path: Path) -> None:
    init, put_in_force, check = (block.strip().removesuffix(" --live") for block in shell_blocks() if block.startswith((*STEPS, "set -a")))
    answers = "Summit LLC\\n\\n445566\\nTX\\n1 Main St, Austin, TX 78701\\n\\n\\n\\n\\nAna Cruz ana@summit.example\\n\\n"
    here = f"printf '{answers}' | {init}\n{put_in_force}\n{check}\n".replace(".venv/bin/python", sys.executable)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(["bash", "-ec", here], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.endswith("leadbell.yaml is fine.\n")
    without_its_key = subprocess.run(
        ["bash", "-ec", check.replace(".venv/bin/python", sys.executable)],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert "The environment variable LEADBELL_KEY_WEBSITE is not set." in without_its_key.stderr


def test_every_file_and_folder_of_the_map_exists() -> None:
    tree = TEXT.partition("```text\n")[2].partition("```")[0]
    room = ""
    named: list[str] = []
    for line in tree.splitlines():
        entries = re.split(r" {3,}", line.strip())[0].split(" ")
        if line.startswith(" "):
            named += [room + entry for entry in entries]
        else:
            room = entries[0]
            named += entries
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert len(named) > 20


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_and_command_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text()
    files = re.findall(r"`((?:tests|bot|bench|docs|messages|deploy)/[^`]*)`", text)
    files += re.findall(
        r"`((?:leadbell|slack)[^`/ ]*\.example\.yaml|slack-manifest\.yaml|[A-Z]+\.md|LICENSE|Dockerfile|compose\.yaml)`", text
    )
    assert [name for name in files if "XX" not in name and not (ROOT / name).exists()] == []
    commands = {" ".join(called.split()[:2]) for called, _ in command_rows(the_command(), "leadbell")}
    named = re.findall(r"(?:^|`)(leadbell [a-z]+)", text, re.MULTILINE)
    assert [command for command in named if command not in commands] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchors(target).count(anchor) == 1, link


def test_the_readme_leads_to_every_page() -> None:
    assert {README.parent / link.partition("#")[0] for link in links(README)} >= set(DOCS)


def test_whatever_is_told_to_type_stands_where_the_tests_read_it() -> None:
    assert {language for _, language, _ in BLOCK.findall(TEXT)} == {"sh", "text"}
    assert TEXT.count("```") == 2 * len(BLOCK.findall(TEXT))


def test_every_room_has_its_place_on_the_map() -> None:
    tree = TEXT.partition("```text\n")[2].partition("```")[0].split()
    rooms = [f"{path.parent.name}/" for path in (ROOT / "bot").glob("*/__init__.py")]
    assert [room for room in rooms if room not in tree] == []


def test_the_invitation_to_discord_asks_for_what_the_table_says_and_the_stories_have_no_more() -> None:
    named = [name for name, _ in table("What the bot may do in Discord") if "intent" not in name and "alone" not in name]
    flags = {name.lower().replace(" ", "_").replace("view_channels", "view_channel"): True for name in named}

    assert discord.Permissions(**flags) == INVITED
    assert f"&permissions={INVITED.value}`" in TEXT
