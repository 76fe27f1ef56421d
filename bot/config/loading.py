"""From leadbell.yaml to a Config, or to every problem of the file at once."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.config.document import Document, read_document
from bot.config.entry import Entry
from bot.config.models import Config
from bot.config.outline import Outline, entries, problems_across
from bot.config.problems import ConfigError, Loc, Problem, closest, looks_like_secret, shown
from bot.config.values import ENVIRONMENT_NAME

SHORTEST_SECRET = 12
SECRET_WORDS = ("secret", "token", "password", "api_key", "apikey")


def load_config(path: Path, environ: Mapping[str, str], *, require_secrets: bool = False) -> Config:
    """The config in this file. With `require_secrets`, the key of every source must be in `environ`, and hard to guess.

    Raises ConfigError with every problem found: an unreadable file, unknown keys, wrong values, references to nothing, missing secrets."""
    document = read_document(path)
    outline = Outline.of(document.data)
    secrets = [*_secrets_in_file(document.data, (), document)]
    others = [*document.problems, *problems_across(document, outline)]
    config = None
    try:
        config = Config.model_validate(document.data, context=outline)
    except ValidationError as error:
        others += _told(error, document)
    if require_secrets:
        others += _bad_secrets(document, environ)
    secret_places = {problem.path for problem in secrets}
    problems = secrets + [problem for problem in others if problem.path not in secret_places]
    if config is not None:
        problems += _without_fallback(config, document)
    if problems or config is None:
        raise ConfigError(path, problems)
    return config


def _without_fallback(config: Config, document: Document) -> Iterator[Problem]:
    """Rules that leave some leads to nobody's decision. What is stored since before this was asked is read all the same."""
    if config.routing and not config.routing[-1].takes_all:
        message = (
            "Nothing says what becomes of leads that no rule takes. Write a last rule without conditions, such as "
            '"- name: All others": it gives them to their source\'s team, for whoever claims them first.'
        )
        yield document.problem(("routing",), message)


def canonical_text(config: Config) -> str:
    """The config as JSON, the same text for the same config; Config.model_validate_json reads it back."""
    return json.dumps(config.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _told(error: ValidationError, document: Document) -> list[Problem]:
    """What pydantic found, in our words. A misspelled key is one problem, not an unknown key and a missing one."""
    details = error.errors(include_url=False, include_input=False)
    misspelled = {(*detail["loc"][:-1], _meant(detail["loc"])) for detail in details if detail["type"] == "extra_forbidden"}
    return [_problem(detail, document) for detail in details if detail["type"] != "missing" or detail["loc"] not in misspelled]


def _problem(detail: ErrorDetails, document: Document) -> Problem:
    loc: Loc = tuple(part for part in detail["loc"] if part != "[key]")  # pydantic's mark for the key of a mapping
    name = str(loc[-1]) if loc else ""
    match detail["type"]:
        case "leadbell":
            context = detail["ctx"]
            return document.problem(loc, context["message"], context["allowed"], context["suggestion"])
        case "extra_forbidden" if loc[0] == "sources" and any(word in name.lower() for word in SECRET_WORDS):
            return document.problem(loc, "Secrets stay out of this file. Write secret_env: and the name of an environment variable.")
        case "extra_forbidden" if loc[0] == "scoring" and "when" in loc:
            message = f"{shown(name)} is no input of a score. Only these are, so that no score can turn on who or where somebody is."
            return document.problem(loc, message, tuple(_entry_at(loc[:-1]).model_fields), _meant(loc))
        case "extra_forbidden":
            return document.problem(loc, f"{shown(name)} is not a key here.", tuple(_entry_at(loc[:-1]).model_fields), _meant(loc))
        case "missing":
            return document.problem(loc, f"{name} is missing. Write {_description(loc)}.")
        case "model_type":
            keys = tuple(_entry_at(loc).model_fields)
            return document.problem(loc, "Its keys are missing. Write them one per line, indented below it.", keys)
        case "tuple_type":
            return document.problem(loc, 'This must be a list. Write each item on a line of its own that begins with "- ".')
        case _:
            return document.problem(loc, f"{detail['msg']}.")


def _meant(loc: Loc) -> str | None:
    fields = _entry_at(loc[:-1]).model_fields
    return closest(str(loc[-1]), {field: field for field in fields})


def _description(loc: Loc) -> str:
    return _entry_at(loc[:-1]).model_fields[str(loc[-1])].description or "it"


def _entry_at(loc: Loc) -> type[Entry]:
    """The kind of block that stands at this place."""
    entry: type[Entry] = Config
    for part in loc:
        field = entry.model_fields.get(str(part))
        for kind in (field.annotation, *get_args(field.annotation)) if field else ():
            if isinstance(kind, type) and issubclass(kind, Entry):
                entry = kind
    return entry


def _secrets_in_file(value: Any, loc: Loc, document: Document) -> Iterator[Problem]:
    if isinstance(value, str) and "@" not in value and looks_like_secret(value):
        message = "This looks like a secret. Put it into an environment variable, and write that variable's name under secret_env."
        yield document.problem(loc, message)
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, child in inner:
        yield from _secrets_in_file(child, (*loc, part), document)


def _bad_secrets(document: Document, environ: Mapping[str, str]) -> Iterator[Problem]:
    sources = list(entries(document.data, "sources"))
    for loc, name in _names_of_secrets(sources):
        if not (isinstance(name, str) and ENVIRONMENT_NAME.fullmatch(name)):
            continue  # told already, or there is none
        secret = environ.get(name, "")
        if len(secret) < SHORTEST_SECRET:
            wrong = f"The key in {name} is easy to guess." if secret else f"The environment variable {name} is not set."
            what = "Put this source's key into it: a long random text that you give to the vendor."
            yield document.problem(loc, f"{wrong} {what}")


def _names_of_secrets(sources: list[tuple[int, dict[str, Any]]]) -> Iterator[tuple[Loc, object]]:
    for place, source in sources:
        for under in ("secret_env", "old_secret_env"):
            yield ("sources", place, under), source.get(under)
        meta = source.get("meta")
        if isinstance(meta, dict):
            for under in ("verify_token_env", "access_token_env"):
                yield ("sources", place, "meta", under), meta.get(under)
