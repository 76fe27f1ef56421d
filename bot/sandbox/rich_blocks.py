"""Slack's limits for the longer blocks: rich text, markdown, tables, charts, cards, alerts."""

from bot.sandbox.block_checker import JSON, Checker
from bot.sandbox.block_elements import check_element

RICH_PARTS = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")
RICH_LEAVES = ("text", "link", "user", "usergroup", "channel", "emoji", "date", "broadcast", "color", "team")
CELLS = ("raw_text", "raw_number", "rich_text")
MOST_ROWS = 100
MOST_COLUMNS = 20
MOST_TABLE_CHARACTERS = 20_000
MOST_SERIES = 6
MOST_POINTS = 20
ALERT_LEVELS = ("default", "info", "warning", "error", "success")


def check_markdown(check: Checker, path: str, block: JSON) -> None:
    check.string(f"{path}/text", block.get("text"), 12_000)


def check_alert(check: Checker, path: str, block: JSON) -> None:
    check.text(f"{path}/text", block.get("text"), 200, plain=False)
    if block.get("level", "default") not in ALERT_LEVELS:
        check.fail(f"{path}/level", f"must be one of {', '.join(ALERT_LEVELS)}")


def check_rich_text(check: Checker, path: str, block: JSON) -> None:
    for part_path, part in check.items(f"{path}/elements", block.get("elements"), 1_000, least=0):
        _check_rich_part(check, part_path, part)


def _check_rich_part(check: Checker, path: str, part: JSON) -> None:
    kind = part.get("type")
    if kind not in RICH_PARTS:
        check.fail(f"{path}/type", f"unsupported type: {str(kind)[:40]}")
        return
    for leaf_path, leaf in check.items(f"{path}/elements", part.get("elements"), 1_000, least=0):
        if kind == "rich_text_list":
            _check_rich_list_item(check, leaf_path, leaf)
        elif leaf.get("type") not in RICH_LEAVES:
            check.fail(f"{leaf_path}/type", f"unsupported type: {str(leaf.get('type'))[:40]}")
        elif leaf["type"] == "text" and not (isinstance(leaf.get("text"), str) and leaf["text"]):
            check.fail(f"{leaf_path}/text", "must be more than 0 characters")


def _check_rich_list_item(check: Checker, path: str, item: JSON) -> None:
    if item.get("type") == "rich_text_section":
        _check_rich_part(check, path, item)
    else:
        check.fail(f"{path}/type", f"unsupported type: {str(item.get('type'))[:40]}")


def check_table(check: Checker, path: str, block: JSON) -> None:
    _check_rows(check, path, block, MOST_ROWS)
    settings = block.get("column_settings")
    if settings is not None and (not isinstance(settings, list) or len(settings) > MOST_COLUMNS):
        check.fail(f"{path}/column_settings", f"no more than {MOST_COLUMNS} items allowed")


def check_data_table(check: Checker, path: str, block: JSON) -> None:
    check.string(f"{path}/caption", block.get("caption"), 2_000)
    check.number(f"{path}/page_size", block.get("page_size"), 1, 100)
    _check_rows(check, path, block, MOST_ROWS + 1)
    rows = block.get("rows")
    if isinstance(rows, list) and len({len(row) for row in rows if isinstance(row, list)}) > 1:
        check.fail(f"{path}/rows", "every row must have the same number of cells")


def _check_rows(check: Checker, path: str, block: JSON, most_rows: int) -> None:
    rows = block.get("rows")
    if not isinstance(rows, list) or not 1 <= len(rows) <= most_rows:
        check.fail(f"{path}/rows", f"must provide an array of 1 to {most_rows} rows")
        return
    characters = 0
    for index, row in enumerate(rows):
        for cell_path, cell in check.items(f"{path}/rows/{index}", row, MOST_COLUMNS):
            if cell.get("type") not in CELLS:
                check.fail(f"{cell_path}/type", f"unsupported type: {str(cell.get('type'))[:40]}")
            elif cell["type"] == "rich_text":
                check_rich_text(check, cell_path, cell)
            characters += len(str(cell.get("text", "")))
    if characters > MOST_TABLE_CHARACTERS:
        check.fail(f"{path}/rows", f"must be less than {MOST_TABLE_CHARACTERS + 1} characters in all")


def check_chart(check: Checker, path: str, block: JSON) -> None:
    check.string(f"{path}/title", block.get("title"), 50)
    chart = block.get("chart")
    if not isinstance(chart, dict):
        check.fail(f"{path}/chart", "must provide an object")
        return
    kind = chart.get("type")
    if kind == "pie":
        for segment_path, segment in check.items(f"{path}/chart/segments", chart.get("segments"), MOST_SERIES):
            check.keys(segment_path, segment, "label value", "")
            check.string(f"{segment_path}/label", segment.get("label"), 20)
    elif kind in ("bar", "line", "area"):
        for series_path, series in check.items(f"{path}/chart/series", chart.get("series"), MOST_SERIES):
            check.string(f"{series_path}/name", series.get("name"), 20)
            for point_path, point in check.items(f"{series_path}/data", series.get("data"), MOST_POINTS):
                check.string(f"{point_path}/label", point.get("label"), 20)
    else:
        check.fail(f"{path}/chart/type", f"unsupported type: {str(kind)[:40]}")


def check_card(check: Checker, path: str, card: JSON) -> None:
    for name, limit in (("title", 150), ("subtitle", 150), ("body", 200)):
        check.text(f"{path}/{name}", card.get(name), limit, plain=False)
    if not any(card.get(name) for name in ("hero_image", "title", "actions", "body")):
        check.fail(path, "must provide hero_image, title, actions or body")
    if "actions" in card:
        for action_path, action in check.items(f"{path}/actions", card["actions"], 3):
            check_element(check, action_path, action, ("button", "icon_button"))
