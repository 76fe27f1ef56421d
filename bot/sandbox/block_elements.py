"""Slack's limits for what stands inside blocks: buttons, selects, inputs, their options and confirmations."""

from bot.sandbox.block_checker import JSON, Checker

SELECT_KINDS = ("static", "external", "users", "conversations", "channels")
SELECTS = tuple(f"{kind}_select" for kind in SELECT_KINDS)
MULTI_SELECTS = tuple(f"multi_{kind}_select" for kind in SELECT_KINDS)
CHOICES = (*SELECTS, *MULTI_SELECTS, "checkboxes", "radio_buttons", "datepicker", "timepicker")
TEXT_INPUTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input")

IN_SECTION = ("button", "overflow", "image", "workflow_button", *CHOICES)
IN_ACTIONS = ("button", "overflow", "datetimepicker", "workflow_button", *CHOICES)
IN_INPUT = (*TEXT_INPUTS, *CHOICES, "datetimepicker", "file_input")
IN_CONTEXT_ACTIONS = ("feedback_buttons", "icon_button")

# Required fields, then optional ones beside action_id, confirm, focus_on_load and placeholder.
FIELDS: dict[str, tuple[str, str]] = {
    "button": ("text", "value url style accessibility_label"),
    "workflow_button": ("text workflow", "style accessibility_label"),
    "icon_button": ("icon text", "value accessibility_label visible_to_user_ids"),
    "feedback_buttons": ("positive_button negative_button", ""),
    "image": ("alt_text", "image_url slack_file"),
    "overflow": ("options", ""),
    "checkboxes": ("options", "initial_options"),
    "radio_buttons": ("options", "initial_option"),
    "datepicker": ("", "initial_date"),
    "timepicker": ("", "initial_time timezone"),
    "datetimepicker": ("", "initial_date_time"),
    "static_select": ("", "options option_groups initial_option"),
    "external_select": ("", "initial_option min_query_length"),
    "users_select": ("", "initial_user"),
    "conversations_select": ("", "initial_conversation default_to_current_conversation response_url_enabled filter"),
    "channels_select": ("", "initial_channel response_url_enabled"),
    "multi_static_select": ("", "options option_groups initial_options max_selected_items"),
    "multi_external_select": ("", "initial_options min_query_length max_selected_items"),
    "multi_users_select": ("", "initial_users max_selected_items"),
    "multi_conversations_select": ("", "initial_conversations default_to_current_conversation filter max_selected_items"),
    "multi_channels_select": ("", "initial_channels max_selected_items"),
    "plain_text_input": ("", "initial_value multiline min_length max_length dispatch_action_config"),
    "email_text_input": ("", "initial_value dispatch_action_config"),
    "url_text_input": ("", "initial_value dispatch_action_config"),
    "number_input": ("is_decimal_allowed", "initial_value min_value max_value dispatch_action_config"),
    "rich_text_input": ("", "initial_value dispatch_action_config"),
    "file_input": ("", "filetypes max_files"),
}
COMMON_FIELDS = "action_id confirm focus_on_load placeholder"
MOST_OPTIONS = {"overflow": 5, "checkboxes": 10, "radio_buttons": 10}


def check_element(check: Checker, path: str, element: JSON, allowed: tuple[str, ...]) -> None:
    """Problems of one element go to the checker; allowed are the types that may stand here."""
    kind = element.get("type")
    if not isinstance(kind, str) or kind not in allowed:
        check.fail(f"{path}/type", f"unsupported type: {str(kind)[:40]}")
        return
    required, optional = FIELDS[kind]
    check.keys(path, element, required, f"{optional} {COMMON_FIELDS}")
    check.string(f"{path}/action_id", element.get("action_id"), 255)
    check.text(f"{path}/placeholder", element.get("placeholder"), 150)
    _check_confirm(check, f"{path}/confirm", element.get("confirm"))
    if kind in ("button", "workflow_button", "icon_button"):
        _check_button(check, path, element)
    elif kind == "image":
        check_image_source(check, path, element)
    elif kind in ("plain_text_input", "email_text_input", "url_text_input"):
        _check_text_input(check, path, element)
    elif kind == "file_input":
        check.number(f"{path}/max_files", element.get("max_files"), 1, 10)
    elif kind in MOST_OPTIONS or "static_select" in kind:
        _check_choices(check, path, element)


def check_image_source(check: Checker, path: str, image: JSON) -> None:
    check.string(f"{path}/image_url", image.get("image_url"), 3000)
    check.string(f"{path}/alt_text", image.get("alt_text"), 2000)
    if ("image_url" in image) == ("slack_file" in image):
        check.fail(path, "must provide either image_url or slack_file")


def _check_button(check: Checker, path: str, button: JSON) -> None:
    check.text(f"{path}/text", button.get("text"), 75)
    check.string(f"{path}/value", button.get("value"), 2000)
    check.string(f"{path}/url", button.get("url"), 3000)
    check.string(f"{path}/accessibility_label", button.get("accessibility_label"), 75)
    if button.get("style") not in (None, "primary", "danger"):
        check.fail(f"{path}/style", "must be primary or danger")


def _check_confirm(check: Checker, path: str, confirm: object) -> None:
    if confirm is None:
        return
    if not isinstance(confirm, dict):
        check.fail(path, "must provide an object")
        return
    check.keys(path, confirm, "text", "title confirm deny style")
    check.text(f"{path}/title", confirm.get("title"), 100)
    check.text(f"{path}/text", confirm.get("text"), 300, plain=False)
    check.text(f"{path}/confirm", confirm.get("confirm"), 30)
    check.text(f"{path}/deny", confirm.get("deny"), 30)


def _check_text_input(check: Checker, path: str, element: JSON) -> None:
    check.string(f"{path}/initial_value", element.get("initial_value"), 3000)
    check.number(f"{path}/min_length", element.get("min_length"), 0, 3000)
    check.number(f"{path}/max_length", element.get("max_length"), 1, 3000)


def _check_choices(check: Checker, path: str, element: JSON) -> None:
    kind = element["type"]
    in_plain_text = kind not in ("checkboxes", "radio_buttons")
    if "option_groups" in element and "options" in element:
        check.fail(path, "must provide either options or option_groups")
    if "option_groups" in element:
        for group_path, group in check.items(f"{path}/option_groups", element["option_groups"], 100):
            check.keys(group_path, group, "label options", "")
            check.text(f"{group_path}/label", group.get("label"), 75)
            _check_options(check, f"{group_path}/options", group.get("options"), 100, in_plain_text)
    else:
        _check_options(check, f"{path}/options", element.get("options"), MOST_OPTIONS.get(kind, 100), in_plain_text)
    known = options_of(element)
    chosen = element.get("initial_options") or ([element["initial_option"]] if "initial_option" in element else [])
    if not isinstance(chosen, list) or any(option not in known for option in chosen):
        check.fail(path, "the initial choice must be one of the options")


def _check_options(check: Checker, path: str, options: object, most: int, in_plain_text: bool) -> None:
    for option_path, option in check.items(path, options, most):
        check.keys(option_path, option, "text value", "description url")
        check.text(f"{option_path}/text", option.get("text"), 75, plain=in_plain_text)
        check.string(f"{option_path}/value", option.get("value"), 150)
        check.text(f"{option_path}/description", option.get("description"), 75, plain=in_plain_text)
        check.string(f"{option_path}/url", option.get("url"), 3000)


def options_of(element: JSON) -> list[JSON]:
    """Every well-formed option of a select, its groups included."""
    groups = element.get("option_groups")
    lists = [group.get("options") for group in groups if isinstance(group, dict)] if isinstance(groups, list) else [element.get("options")]
    return [option for options in lists if isinstance(options, list) for option in options if isinstance(option, dict)]
