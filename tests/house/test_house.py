"""The rules of the house that no linter holds for us."""

import ast
import re
import sys
import tomllib

from tests.house.code import files, imports, last_name, modules, named, nodes
from tests.house.readme import ROOT

BROAD = {"Exception", "BaseException"}
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}
MAY_READ_A_CLOCK = {
    "bot/clock.py": "the one clock of the services",
    "bot/handlers/slack/sockets.py": "the SDK logs how long an answer took",
    "bot/scheduling/calendar.py": "the calendar's own days, which begin by the real clock",
    "bot/sandbox/clock.py": "the demo's clock: real time and the sandbox's offset",
    "bot/sandbox/control_world.py": "the offset that brings the sandbox to a given time",
    "bot/sandbox/delivery.py": "signatures are judged by real time",
    "bot/sandbox/offset_clock.py": "the sandbox's clock: real time and its offset",
}
"""Deadlines of calls and leases stand on time.monotonic and the database's time, which are free to use."""
IMPURE = {"asyncio", "http", "os", "random", "secrets", "socket", "sqlite3", "subprocess", "time", "urllib"}
PURE = {"phonenumbers", "dateutil", "rapidfuzz", "urllib.parse"} | sys.stdlib_module_names - IMPURE
DOORS = ("bot/handlers/", *(f"bot/outreach/{name}.py" for name in ("email", "live_check", "sms", "voice")))
"""Where platforms and carriers are spoken to."""
PATCH_ARGUMENTS = {"patch": 2, "patch.object": 3, "mock.patch": 2, "mock.patch.object": 3}
"""How many arguments a call has that says what stands in."""
UNTOLD = r"py[p]i\.|python[h]osted|npm[j]s\.|cr[a]tes\.io|(?<![\w.$}~*])/(?:work|root|home|farm)/"
"""Hosts of package indexes, and places on somebody's machine; written so that it does not find itself."""


def test_every_module_says_in_one_line_what_happens_there() -> None:
    silent = [name for name, module in modules().items() if len((ast.get_docstring(module) or "").splitlines()) != 1]
    assert silent == []


def test_only_the_runner_catches_everything_and_the_store_which_hands_it_to_whoever_asked() -> None:
    def caught(handler: ast.AST) -> set[str]:
        assert isinstance(handler, ast.ExceptHandler)
        return {"Exception"} if handler.type is None else {part.id for part in ast.walk(handler.type) if isinstance(part, ast.Name)}

    broad = [place for place, handler in nodes(ast.ExceptHandler) if caught(handler) & BROAD]
    assert [place for place in broad if not place.startswith(("bot/runner.py:", "bot/store/line.py:", "bot/store/database.py:"))] == []


def test_only_the_app_and_the_command_import_late() -> None:
    functions = nodes(ast.FunctionDef, ast.AsyncFunctionDef)
    late = [place for place, function in functions if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function))]
    assert [place for place in late if not place.startswith(("bot/app.py:", "bot/cli.py:"))] == []


def test_the_clock_is_read_where_it_is_told_why() -> None:
    last = {clock.rpartition(".")[2] for clock in CLOCKS}
    read = [(place, node) for place, node in nodes(ast.Attribute, under="bot/") if last_name(node) in last]
    readers = {place.partition(":")[0] for place, node in read if ast.unparse(node) in CLOCKS}
    assert readers == set(MAY_READ_A_CLOCK)


def test_each_use_case_has_its_place_in_the_order_of_imports() -> None:
    """The contract itself misses only what is new beside the chapters, not what is new in them."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    placed = [
        module for layer in contract["layers"] for module in layer.split(" | ") if "." in module and not module.startswith("handlers.")
    ]
    chapters = {module.partition(".")[0] for module in placed}
    there = [
        f"{path.parent.name}.{path.stem}" for path in files() if path.suffix == ".py" and path.parent.parent == ROOT / "bot"
        if path.parent.name in chapters and path.stem != "__init__"
    ]  # fmt: skip
    assert len(chapters) == 9
    assert sorted(placed) == sorted(there)


def test_platforms_stay_at_the_doors() -> None:
    platforms = {"slack_bolt", "slack_sdk", "discord", "fastapi", "starlette", "twilio", "aiosmtplib"}
    imported = [(place, name) for place, node in nodes(ast.Import, ast.ImportFrom, under="bot/") for name in imports(node)]
    speak = {place.partition(":")[0] for place, name in imported if name.partition(".")[0] in platforms}
    assert [door for door in DOORS if not any(file.startswith(door) for file in speak)] == []
    assert [file for file in sorted(speak) if not file.startswith(DOORS)] == []


def test_rules_are_pure() -> None:
    used = {(place, name) for place, node in nodes(ast.Import, ast.ImportFrom, under="bot/rules/") for name in imports(node)}
    assert used
    assert [(place, name) for place, name in used if not PURE & {name, name.partition(".")[0]} and not name.startswith("bot.rules")] == []


def test_nothing_is_a_mock_that_agrees_with_everything() -> None:
    """A patch is fine when it says what real function stands in."""
    mocks = [
        place
        for place, name in nodes(ast.Name, ast.alias)
        if re.search(r"Mock$|^create_autospec$", getattr(name, "id", getattr(name, "name", "")))
    ]
    bare = [
        place
        for place, call in nodes(ast.Call)
        if isinstance(call, ast.Call) and last_name(call.func) in {"patch", "object"}
        if len(call.args) < PATCH_ARGUMENTS.get(ast.unparse(call.func), 0)
    ]
    assert (mocks, bare) == ([], [])


def test_every_skipped_test_says_why() -> None:
    def says_why(call: ast.Call) -> bool:
        reasons = [keyword.value for keyword in call.keywords if keyword.arg == "reason"]
        if ast.unparse(call.func) == "pytest.skip":
            reasons += call.args
        return any(not isinstance(reason, ast.Constant) or reason.value for reason in reasons)

    marks = re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail)")
    named_so = [(place, node) for place, node in nodes(ast.Attribute, under="tests/") if last_name(node) in {"skip", "skipif", "xfail"}]
    found = {id(node): place for place, node in named_so if marks.fullmatch(ast.unparse(node))}
    calls = [call for _, call in nodes(ast.Call, under="tests/") if isinstance(call, ast.Call) and id(call.func) in found]
    explained = {id(call.func) for call in calls if says_why(call)}
    assert [place for each, place in found.items() if each not in explained] == []


def test_no_file_names_a_package_index_or_a_place_on_somebodys_machine() -> None:
    texts = {named(path): path.read_text() for path in files() if path.suffix not in {".png", ".jpg", ".gif", ".ico", ".woff2"}}
    told = [f"{name}: {line}" for name, text in texts.items() for line in text.splitlines() if re.search(UNTOLD, line)]
    assert told == []
