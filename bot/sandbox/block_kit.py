"""Slack's limits for blocks and views: what the real Slack would refuse, the sandbox refuses too."""

from collections.abc import Callable

import orjson

from bot.sandbox import rich_blocks
from bot.sandbox.block_checker import JSON, Checker
from bot.sandbox.block_elements import (
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    check_element,
    check_image_source,
)

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MOST_MESSAGE_CHARACTERS = 13_200  # undocumented; where msg_blocks_too_long begins. Tables have a limit of their own.
MOST_VIEW_BYTES = 250_000
MOST_CHARTS = 2
MOST_MARKDOWN = 12_000


def problems_of(blocks: object, surface: str) -> list[str]:
    """What is wrong with the blocks of a message, modal or home, as Slack words it; an empty list when nothing is."""
    check = Checker(surface)
    ids: set[str] = set()
    listed = list(check.items("/blocks", blocks, MOST_BLOCKS[surface], least=0))
    for path, block in listed:
        check_block(check, path, block)
        block_id = block.get("block_id")
        if isinstance(block_id, str) and block_id:
            if block_id in ids:
                check.fail(f"{path}/block_id", "block_id already exists")
            ids.add(block_id)
    _check_sums(check, [block for _, block in listed])
    return check.problems


def too_long(blocks: list[JSON]) -> bool:
    """Whether a message's blocks are more than Slack takes in one message."""
    counted = [block for block in blocks if block.get("type") not in ("table", "data_table")]
    return len(orjson.dumps(counted).decode()) > MOST_MESSAGE_CHARACTERS


def problems_of_view(view: object) -> list[str]:
    """What is wrong with a modal or home view."""
    if not isinstance(view, dict):
        return ["[ERROR] must provide an object [json-pointer:/view]"]
    kind = view.get("type")
    if kind not in ("modal", "home"):
        return [f"[ERROR] unsupported type: {str(kind)[:40]} [json-pointer:/view/type]"]
    check = Checker(str(kind))
    shared = "private_metadata callback_id external_id"
    if kind == "modal":
        check.keys("/view", view, "title", f"blocks submit close clear_on_close notify_on_close submit_disabled {shared}")
    else:
        check.keys("/view", view, "", f"blocks {shared}")
    for name in ("title", "submit", "close"):
        check.text(f"/view/{name}", view.get(name), 24)
    check.string("/view/private_metadata", view.get("private_metadata"), 3000)
    check.string("/view/callback_id", view.get("callback_id"), 255)
    check.string("/view/external_id", view.get("external_id"), 255)
    blocks = view.get("blocks")
    kinds = [block.get("type") for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    if kind == "modal" and "submit" not in view and "input" in kinds:
        check.fail("/view/submit", "must provide submit when the view has an input block")
    return check.problems + problems_of(blocks, check.surface)


def check_block(check: Checker, path: str, block: JSON) -> None:
    kind = block.get("type")
    found = BLOCKS.get(kind) if isinstance(kind, str) else None
    if found is None:
        check.fail(f"{path}/type", f"unsupported type: {str(kind)[:40]}")
        return
    surfaces, required, optional, check_inside = found
    if check.surface not in surfaces:
        check.fail(f"{path}/type", f"unsupported type: {kind} in a {check.surface}")
    check.keys(path, block, required, f"{optional} block_id")
    check.string(f"{path}/block_id", block.get("block_id"), 255)
    check_inside(check, path, block)


def _check_sums(check: Checker, blocks: list[JSON]) -> None:
    kinds = [block.get("type") for block in blocks]
    if kinds.count("table") > 1:
        check.fail("/blocks", "no more than 1 table allowed")
    if kinds.count("data_visualization") > MOST_CHARTS:
        check.fail("/blocks", f"no more than {MOST_CHARTS} data_visualization blocks allowed")
    if sum(len(str(block.get("text", ""))) for block in blocks if block.get("type") == "markdown") > MOST_MARKDOWN:
        check.fail("/blocks", f"markdown must be less than {MOST_MARKDOWN + 1} characters in all")


def _section(check: Checker, path: str, block: JSON) -> None:
    if not block.get("text") and not block.get("fields"):
        check.fail(path, "must provide text or fields")
    check.text(f"{path}/text", block.get("text"), 3000, plain=False)
    if "fields" in block:
        for field_path, field in check.items(f"{path}/fields", block["fields"], 10):
            check.text(field_path, field, 2000, plain=False)
    accessory = block.get("accessory")
    if isinstance(accessory, dict):
        check_element(check, f"{path}/accessory", accessory, IN_SECTION)
    elif "accessory" in block:
        check.fail(f"{path}/accessory", "must provide an object")


def _elements(check: Checker, path: str, block: JSON, most: int, allowed: tuple[str, ...]) -> None:
    seen: set[object] = set()
    for element_path, element in check.items(f"{path}/elements", block.get("elements"), most):
        check_element(check, element_path, element, allowed)
        action_id = element.get("action_id")
        if isinstance(action_id, str):
            if action_id in seen:
                check.fail(f"{element_path}/action_id", "action_id already exists in this block")
            seen.add(action_id)


def _actions(check: Checker, path: str, block: JSON) -> None:
    _elements(check, path, block, 25, IN_ACTIONS)


def _context_actions(check: Checker, path: str, block: JSON) -> None:
    _elements(check, path, block, 5, IN_CONTEXT_ACTIONS)


def _context(check: Checker, path: str, block: JSON) -> None:
    for element_path, element in check.items(f"{path}/elements", block.get("elements"), 10):
        if element.get("type") == "image":
            check_element(check, element_path, element, ("image",))
        else:
            check.text(element_path, element, 3000, plain=False)


def _header(check: Checker, path: str, block: JSON) -> None:
    check.text(f"{path}/text", block.get("text"), 150)


def _input(check: Checker, path: str, block: JSON) -> None:
    check.text(f"{path}/label", block.get("label"), 2000)
    check.text(f"{path}/hint", block.get("hint"), 2000)
    element = block.get("element")
    if isinstance(element, dict):
        check_element(check, f"{path}/element", element, IN_INPUT)
    elif element is not None:
        check.fail(f"{path}/element", "must provide an object")


def _image(check: Checker, path: str, block: JSON) -> None:
    check_image_source(check, path, block)
    check.text(f"{path}/title", block.get("title"), 2000)


def _carousel(check: Checker, path: str, block: JSON) -> None:
    for card_path, card in check.items(f"{path}/elements", block.get("elements"), 10):
        if card.get("type") != "card":
            check.fail(f"{card_path}/type", f"unsupported type: {str(card.get('type'))[:40]}")
        else:
            check_block(check, card_path, card)


def _container(check: Checker, path: str, block: JSON) -> None:
    check.text(f"{path}/title", block.get("title"), 150)
    check.text(f"{path}/subtitle", block.get("subtitle"), 150, plain=False)
    if not block.get("title") and not block.get("rich_text_title"):
        check.fail(path, "must provide title or rich_text_title")
    for child_path, child in check.items(f"{path}/child_blocks", block.get("child_blocks"), 10):
        if child.get("type") == "container":
            check.fail(f"{child_path}/type", "unsupported type: container in a container")
        else:
            check_block(check, child_path, child)


def _nothing_more(_check: Checker, _path: str, _block: JSON) -> None:
    """A block with nothing inside that has a limit."""


EVERYWHERE = ("message", "modal", "home")
NOT_IN_MODALS = ("message", "home")
BlockRule = tuple[tuple[str, ...], str, str, Callable[[Checker, str, JSON], None]]

# Surfaces, required fields, optional fields beside block_id, what is inside.
BLOCKS: dict[str, BlockRule] = {
    "section": (EVERYWHERE, "", "text fields accessory expand", _section),
    "actions": (EVERYWHERE, "elements", "", _actions),
    "context": (EVERYWHERE, "elements", "", _context),
    "header": (EVERYWHERE, "text", "level", _header),
    "divider": (EVERYWHERE, "", "", _nothing_more),
    "input": (EVERYWHERE, "label element", "hint optional dispatch_action", _input),
    "image": (EVERYWHERE, "alt_text", "image_url slack_file title", _image),
    "rich_text": (EVERYWHERE, "elements", "", rich_blocks.check_rich_text),
    "video": (
        EVERYWHERE,
        "alt_text title thumbnail_url video_url",
        "author_name description provider_icon_url provider_name title_url",
        _nothing_more,
    ),
    "context_actions": (("message",), "elements", "", _context_actions),
    "markdown": (("message",), "text", "", rich_blocks.check_markdown),
    "table": (NOT_IN_MODALS, "rows", "column_settings", rich_blocks.check_table),
    "data_table": (NOT_IN_MODALS, "caption rows", "page_size row_header_column_index", rich_blocks.check_data_table),
    "data_visualization": (NOT_IN_MODALS, "title chart", "", rich_blocks.check_chart),
    "alert": (("modal",), "text", "level", rich_blocks.check_alert),
    "card": (EVERYWHERE, "", "title subtitle subtext body icon slack_icon hero_image actions", rich_blocks.check_card),
    "carousel": (NOT_IN_MODALS, "elements", "", _carousel),
    "container": (
        EVERYWHERE,
        "child_blocks",
        "title rich_text_title subtitle icon width is_collapsible default_collapsed has_header_divider",
        _container,
    ),
}
