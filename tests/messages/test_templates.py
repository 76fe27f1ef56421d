"""The house rules of messages/: every message is said somewhere, every label is used, and files hold words, not programs."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from jinja2 import UndefinedError

from bot.calls.on_the_line import spoken
from bot.capture.source_trouble import Trouble
from bot.conversation.asked_to_stop import UNWANTED
from bot.distribution.passing import REASONS
from bot.handlers.slack.app import COMMANDS
from bot.handlers.slack.messages import MORE
from bot.handlers.slack.words import marked
from bot.handlers.web.pages import words as on_pages
from bot.leads.mine import SECTIONS
from bot.leads.reminders import CHOICES
from bot.leads.undoing import BLOCKED_BY
from bot.nurture.drips import ENDINGS
from bot.nurture.groups import WHY_NOT
from bot.officers.team import Field
from bot.oversight.auditor import WHAT
from bot.rendering import LANGUAGES, messages_folder
from bot.rules.calculators import CALCULATORS, ENTRIES
from bot.rules.commands import HELP
from bot.rules.dispositions import Disposition
from bot.rules.eligibility import Reason
from bot.rules.escalation_policy import StepKind
from bot.rules.forms import FORM_KINDS, fields_of
from bot.rules.returns import REASONS as REASONS_TO_RETURN
from bot.rules.roles import Role
from bot.rules.routing import NamedBy
from bot.rules.scoring import DEFAULT_POINTS, QUIET
from bot.rules.segments import BUILT_IN
from bot.rules.stages import STAGES
from bot.rules.wording_lint import Code
from bot.scheduling.due_loop import BROKEN
from bot.sources.new_lead import PropertyType, PropertyUse, Purpose
from bot.speed_to_lead.paging import staff
from bot.store.leads import LET_GO
from bot.wording.emailing import borrower as by_email
from bot.wording.plain import plain
from bot.wording.texting import TEMPLATES as FOR_BORROWERS
from bot.wording.texting import borrower

BOT = Path(__file__).parent.parent.parent / "bot"
TEMPLATES = sorted(messages_folder().rglob("*.j2"))
LABELS = tomllib.loads((messages_folder() / "labels.en.toml").read_text("utf-8"))
PAGES = "".join(path.read_text("utf-8") for path in sorted(BOT.rglob("pages/*.html")))
"""What borrowers see in a browser: markup of ours around words of messages/."""
TREES = [ast.parse(path.read_text("utf-8")) for path in sorted(BOT.rglob("*.py"))]


def _said() -> Iterator[str]:
    """The message that each `say` names, or both where it chooses between two."""
    for tree in TREES:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say" and node.args:
                yield from (part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant) and isinstance(part.value, str))


def test_every_message_is_said_somewhere_and_everything_said_has_a_message() -> None:
    assert {path.stem for path in TEMPLATES} == {*_said(), *re.findall(r'\bsay\("(\w+)"', PAGES)}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_message_is_words_and_no_program(path: Path) -> None:
    source = path.read_text("utf-8")

    assert not re.search(r"{%-?\s*(macro|set|include|import|extends|block|for|filter|call)\b", source)
    assert not re.search(r"\|\s*safe\b|</?[a-z]+[ />]", source)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_message_with_a_missing_fact_is_never_shown(path: Path) -> None:
    for surface in {"sms": (borrower,), "email": (by_email,), "staff": (staff,), "voice": (spoken,), "pages": (on_pages,)}.get(
        path.parts[-3], (plain, marked)
    ):
        if "{" in path.read_text("utf-8"):
            with pytest.raises(UndefinedError):
                surface.say(path.stem, path.parent.name)
        else:
            assert surface.say(path.stem, path.parent.name)


USED_LABELS = {
    "unreadable": {"basis", "conflict", "contact", "broken", "form"},
    "about": {"loan", "property", "contact", "consent"},
    "command": {HELP, *(command.name for command in COMMANDS)},
    "pass_reason": set(REASONS),
    "passed_because": {*REASONS, *LET_GO},
    "disposition": {disposition.value for disposition in Disposition},
    "mine": set(SECTIONS),
    "later": {*CHOICES, "pick"},
    "purpose": set(get_args(Purpose)),
    "asking": set(get_args(Purpose)),
    "property_use": set(get_args(PropertyUse)),
    "property_type": set(get_args(PropertyType)),
    "role": set(get_args(Role)),
    "stage": set(STAGES),
    "more": {*MORE, "email"},
    "drip_ended": set(ENDINGS),
    "group_why": set(WHY_NOT),
    "kept_back": {each for each in get_args(Code) if not each.startswith("no_")},
    "return_reason": set(REASONS_TO_RETURN),
    "why_not": {*Reason, "not_on_call", "passed", "let_go", "unreachable", "other_team"},
    "named_by": set(get_args(NamedBy)),
    "text_template": set(FOR_BORROWERS),
    "happened": set().union(*BLOCKED_BY.values()),
    "segment": {each.key for each in BUILT_IN},
    "score_reason": {*DEFAULT_POINTS, QUIET},
    "finding": {*WHAT, BROKEN},
    "source_trouble": set(get_args(Trouble)),
    "step": set(StepKind),
    "unwanted": set(UNWANTED),
    "roster": {*get_args(Field), "hours"},
    "form_title": set(FORM_KINDS),
    "form_field": {asked.name for kind in FORM_KINDS for asked in fields_of(kind)},
    "form_choice": {choice for kind in FORM_KINDS for asked in fields_of(kind) for choice in asked.choices},
    "own_name": set(LANGUAGES),
    "calculator": set(CALCULATORS),
    "calculator_field": {entry.name for entries in ENTRIES.values() for entry in entries},
}


@pytest.mark.parametrize("group", USED_LABELS)
def test_each_key_that_the_code_knows_has_a_label_and_each_label_such_a_key(group: str) -> None:
    assert set(LABELS[group]) == USED_LABELS[group]


def test_every_button_label_is_on_a_button_and_every_button_has_one() -> None:
    assert set(LABELS["button"]) == {key for group, key in _asked_labels() if group == "button"}


def test_every_field_label_is_shown_and_every_shown_field_has_one() -> None:
    [known] = [
        node.value
        for tree in TREES
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "known"
        if isinstance(node.value, ast.Dict)
    ]

    on_cards = {key.value for key in known.keys if isinstance(key, ast.Constant)}
    assert set(LABELS["field"]) == on_cards | {key for group, key in _asked_labels() if group == "field" and key}


def test_every_group_of_labels_is_asked_for() -> None:
    texts = [*(path.read_text("utf-8") for path in TEMPLATES), PAGES]
    in_templates = {group for text in texts for group in re.findall(r'label\("(\w+)"', text)}

    assert set(LABELS) == in_templates | {group for group, _ in _asked_labels()}


def _asked_labels() -> Iterator[tuple[str, str | None]]:
    """The group, and the key where it is written out, of each label("group", key) and labels(language)("group", key)."""
    for tree in TREES:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and len(node.args) == 2 and _is_label(node.func):
                group, key = (str(argument.value) if isinstance(argument, ast.Constant) else None for argument in node.args)
                yield group or "", key


def _is_label(function: ast.expr) -> bool:
    if isinstance(function, ast.Call):
        return isinstance(function.func, ast.Name) and function.func.id == "labels"
    return isinstance(function, ast.Name) and function.id == "label"
