"""docs/running.md says what to do about everything that /readyz, the audit of each minute and `leadbell audit verify` can say."""

import ast
import re
from collections.abc import Callable, Iterator
from typing import get_args

import pytest

from bot.handlers.web.metrics import DECIDED_WITHIN, KINDS
from bot.oversight.auditor import WHAT
from bot.store.audits import LATE, Kind
from bot.store.events import CUT_OFF, GONE, UNREADABLE
from bot.store.seals import SEAL_UNREADABLE
from tests.house.code import last_name, modules
from tests.house.readme import table

ANYTHING = "…"
AUDITOR, EVENTS, SEALS, TRAIL = (f"bot/{name}.py" for name in ("oversight/auditor", "store/events", "store/seals", "oversight/audit_trail"))
GOOD = ("Every timeline is whole", "Nothing is sealed yet", "Its newest seal")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(name: str, under: str = "bot/") -> list[Function]:
    files = [module for file, module in modules().items() if file.startswith(under)]
    found = [node for module in files for node in ast.walk(module) if isinstance(node, Function) and node.name == name]
    assert found, f"there is no {name} in {under}"
    return found


def words(node: ast.expr) -> str:
    """A string as it is said, with … for what differs."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr)
    parts = [part.value if isinstance(part, ast.Constant) else ANYTHING for part in node.values]
    return re.sub(f"{ANYTHING}( ?{ANYTHING})+", ANYTHING, "".join(map(str, parts)))


def said_in(name: str, under: str = "bot/") -> Iterator[str]:
    """Every sentence in the functions of this name, whatever they do with it."""
    for node in (node for function in functions(name, under) for node in _outermost(function)):
        if isinstance(node, ast.Constant | ast.JoinedStr) and " " in words(node).strip(f" {ANYTHING}"):
            yield words(node)


def _outermost(node: ast.AST) -> Iterator[ast.AST]:
    """Whatever stands in it, but no docstring, and no part of a string by itself."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
            yield child
            yield from () if isinstance(child, ast.JoinedStr) else _outermost(child)


def reasons() -> list[str]:
    """Whatever /readyz can name, but for what the audit counts; also what functions say whose outcome is added to it."""
    found = [*said_in("health_of", AUDITOR), *said_in("reasons", AUDITOR)]
    [health] = functions("health_of", AUDITOR)
    added = [node.value for node in ast.walk(health) if isinstance(node, ast.AugAssign)]
    calls = [node for node in ast.walk(health) if isinstance(node, ast.Call) and last_name(node.func) in ("append", "extend")]
    for value in (*added, *(each for call in calls for each in call.args)):
        if isinstance(value, ast.Call):
            found += said_in(last_name(value.func))
        elif isinstance(value, ast.Attribute):
            found += said_in(f"_{value.attr}")
        else:
            assert isinstance(value, ast.List | ast.ListComp | ast.GeneratorExp | ast.Constant | ast.JoinedStr), ast.unparse(value)
    return found


def bad_lines() -> list[str]:
    """Whatever a bad line of `leadbell audit verify` can say."""
    found = [CUT_OFF, GONE, UNREADABLE, SEAL_UNREADABLE]
    found += [text for name in ("broken_links", "_without_events", "_wrong_with") for text in said_in(name, EVENTS)]
    found += [text for name in ("broken_seals", "against") for text in said_in(name, SEALS)]
    return found + [text for text in said_in("check_timelines", TRAIL) if not text.startswith(GOOD)]


def first_cells(heading: str) -> list[str]:
    return [row[0] for row in table(heading)]


def stands_in(text: str, cells: list[str]) -> bool:
    return any(text.strip(f" .:{ANYTHING}") in cell for cell in cells)


@pytest.mark.parametrize(
    ("heading", "can_be_said"),
    [("When /readyz names a reason", reasons), ("When leadbell audit verify finds something", bad_lines)],
)
def test_whatever_can_be_said_to_be_wrong_has_a_row_that_says_what_to_do_and_no_row_is_about_nothing(
    heading: str, can_be_said: Callable[[], list[str]]
) -> None:
    texts, cells = can_be_said(), first_cells(heading)

    assert len(texts) > 6
    assert [text for text in texts if not stands_in(text, cells)] == []
    assert [cell for cell in cells if not any(stands_in(text, [cell]) for text in texts)] == []
    assert all(all(len(cell) > 10 for cell in row[1:]) and len(row) == 3 for row in table(heading))


def test_each_kind_of_the_audit_has_a_row_under_its_name_in_the_metrics_and_in_the_reasons() -> None:
    assert set(KINDS) == set(get_args(Kind)) == set(WHAT)
    assert first_cells("When the audit finds something") == [f"`{kind}`: {ANYTHING} {WHAT[kind]}" for kind in KINDS]
    assert all(all(len(cell) > 10 for cell in row) and len(row) == 3 for row in table("When the audit finds something"))


def test_what_is_worth_an_alarm_is_late_by_the_audits_own_measure() -> None:
    late, alarms = LATE.total_seconds(), {row[0]: row[1] for row in table("Is it late\\?")}

    assert alarms["leadbell_oldest_step_seconds"].startswith(f"above {late:.0f}: ")
    assert f'`le="{late:.0f}"`' in alarms["leadbell_step_lateness_seconds{step}"]
    assert late in DECIDED_WITHIN
