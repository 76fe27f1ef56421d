"""What is open in front of each person: a stack of up to three modals, and the app's Home."""

import secrets
from typing import Any

import orjson

from bot.sandbox.block_kit import MOST_VIEW_BYTES, problems_of_view
from bot.sandbox.errors import SlackError
from bot.sandbox.form import with_ids
from bot.sandbox.version import Version
from bot.sandbox.workspace import APP_ID, BOT_ID, TEAM_ID

JSON = dict[str, Any]
DEEPEST_STACK = 3
TROUBLE = "We had some trouble connecting. Try again?"


class Views:
    """Kept in memory: a restart closes what is open, as closing Slack would."""

    def __init__(self, changes: Version) -> None:
        self._changes = changes
        self._stacks: dict[str, list[JSON]] = {}
        self._homes: dict[str, JSON] = {}
        self.errors: dict[str, dict[str, str]] = {}
        self.trouble: dict[str, str] = {}

    def top(self, user: str) -> JSON | None:
        stack = self._stacks.get(user)
        return stack[-1] if stack else None

    def home(self, user: str) -> JSON | None:
        return self._homes.get(user)

    def find(self, user: str, view_id: object) -> JSON | None:
        """The modal or Home with this id that the person has open."""
        for view in [*self._stacks.get(user, []), *([self._homes[user]] if user in self._homes else [])]:
            if view["id"] == view_id:
                return view
        return None

    def open(self, user: str, wanted: object) -> JSON:
        """Show a modal instead of any that is open."""
        view = self._made(wanted, "modal")
        self._stacks[user] = [view]
        self._tell(user)
        return view

    def push(self, user: str, wanted: object) -> JSON:
        stack = self._stacks.get(user, [])
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= DEEPEST_STACK:
            raise SlackError("push_limit_reached")
        view = self._made(wanted, "modal")
        view |= {"previous_view_id": stack[-1]["id"], "root_view_id": stack[0]["id"]}
        stack.append(view)
        self._tell(user)
        return view

    def update(self, view_id: object, external_id: object, wanted: object, seen_hash: str) -> JSON:
        """Redraw an open modal, found by id or external id. Raises not_found, hash_conflict."""
        for user, stack in self._stacks.items():
            for index, old in enumerate(stack):
                if old["id"] == view_id or (external_id and old["external_id"] == external_id):
                    _check_hash(old, seen_hash)
                    view = self._made(wanted, "modal", replacing=old)
                    view |= {name: old[name] for name in ("id", "previous_view_id", "root_view_id")}
                    stack[index] = view
                    self._tell(user)
                    return view
        raise SlackError("not_found")

    def publish(self, user: str, wanted: object, seen_hash: str) -> JSON:
        old = self._homes.get(user)
        if old is not None:
            _check_hash(old, seen_hash)
        view = self._made(wanted, "home", replacing=old)
        if old is not None:
            view |= {"id": old["id"], "root_view_id": old["id"]}
        self._homes[user] = view
        self._tell(user)
        return view

    def pop(self, user: str, view_id: str) -> None:
        """Close one modal; those under it show again."""
        self._stacks[user] = [view for view in self._stacks.get(user, []) if view["id"] != view_id]
        self._tell(user)

    def clear(self, user: str) -> None:
        self._stacks.pop(user, None)
        self._tell(user)

    def reset(self) -> None:
        self._stacks.clear()
        self._homes.clear()
        self.errors.clear()
        self.trouble.clear()
        self._changes.bump()

    def show_errors(self, user: str, errors: dict[str, str]) -> None:
        self.errors[user] = errors
        self._changes.bump()

    def show_trouble(self, user: str) -> None:
        self.trouble[user] = TROUBLE
        self._changes.bump()

    def _tell(self, user: str) -> None:
        self.errors.pop(user, None)
        self.trouble.pop(user, None)
        self._changes.bump()

    def _made(self, wanted: object, kind: str, replacing: JSON | None = None) -> JSON:
        """The view as Slack keeps it. Raises invalid_arguments, view_too_large, duplicate_external_id."""
        problems = problems_of_view(wanted)
        if not problems and isinstance(wanted, dict) and wanted["type"] != kind:
            problems = [f"[ERROR] must be a {kind} [json-pointer:/view/type]"]
        if problems or not isinstance(wanted, dict):
            raise SlackError("invalid_arguments", response_metadata={"messages": problems})
        if len(orjson.dumps(wanted)) > MOST_VIEW_BYTES:
            raise SlackError("view_too_large")
        external_id = wanted.get("external_id", "")
        open_views = [view for stack in self._stacks.values() for view in stack] + list(self._homes.values())
        if external_id and any(view["external_id"] == external_id and view is not replacing for view in open_views):
            raise SlackError("duplicate_external_id")
        view_id = "V0" + secrets.token_hex(5).upper()
        return {
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "close": None,
            "submit": None,
            "clear_on_close": False,
            "notify_on_close": False,
            **wanted,
            "blocks": with_ids(wanted["blocks"]),
            "id": view_id,
            "root_view_id": view_id,
            "previous_view_id": None,
            "team_id": TEAM_ID,
            "app_id": APP_ID,
            "app_installed_team_id": TEAM_ID,
            "bot_id": BOT_ID,
            "hash": secrets.token_hex(8),
            "state": {"values": {}},
        }


def _check_hash(view: JSON, seen_hash: str) -> None:
    if seen_hash and seen_hash != view["hash"]:
        raise SlackError("hash_conflict")
