"""Block Kit's limits: what Slack refuses, the sandbox refuses, and no input makes it stumble."""

import copy
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import ActionsBlock, ButtonElement, ContextBlock, HeaderBlock, MarkdownTextObject, SectionBlock
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.block_kit import BLOCKS, problems_of, problems_of_view
from bot.sandbox.form import elements_in, pressed, state_of, unanswered, with_ids
from tests.sandbox.hands import button, card, modal, option, plain

JSON = dict[str, Any]


def select(options: int) -> JSON:
    return {"type": "static_select", "action_id": "pick", "options": [option(str(number)) for number in range(options)]}


def section(text: str) -> JSON:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


@pytest.mark.parametrize(
    "blocks",
    [
        card(),
        [section("x" * 3000)],
        [{"type": "header", "text": plain("x" * 150)}],
        [{"type": "actions", "elements": [button(str(number), "Go") for number in range(25)]}],
        [{"type": "actions", "elements": [select(100)]}],
        [{"type": "context", "elements": [plain("x")] * 10}],
        [{"type": "section", "fields": [plain("x" * 2000)] * 10}],
        [{"type": "divider"}] * 50,
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 20] * 100}],
        [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "Dana"}]}]}],
        [{"type": "markdown", "text": "x" * 12_000}],
    ],
)
def test_blocks_up_to_the_limit_pass(blocks: list[JSON]) -> None:
    assert problems_of(blocks, "message") == []


@pytest.mark.parametrize(
    ("blocks", "problem"),
    [
        ([section("x" * 3001)], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        ([section("")], "missing required field: text"),
        ([{"type": "section"}], "must provide text or fields"),
        ([{"type": "header", "text": plain("x" * 151)}], "less than 151"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "unsupported type: mrkdwn"),
        ([{"type": "actions", "elements": [button(str(number), "Go") for number in range(26)]}], "no more than 25 items"),
        ([{"type": "actions", "elements": []}], "no fewer than 1 items"),
        ([{"type": "actions", "elements": [button("go", "x" * 76)]}], "less than 76"),
        ([{"type": "actions", "elements": [button("go", "Go", value="x" * 2001)]}], "less than 2001"),
        ([{"type": "actions", "elements": [button("x" * 256, "Go")]}], "less than 256"),
        ([{"type": "actions", "elements": [button("go", "Go"), button("go", "Again")]}], "action_id already exists"),
        ([{"type": "actions", "elements": [button("go", "Go", style="loud")]}], "must be primary or danger"),
        ([{"type": "actions", "elements": [select(101)]}], "no more than 100 items"),
        ([{"type": "actions", "elements": [{"type": "overflow", "action_id": "o", "options": [option("x")] * 6}]}], "no more than 5"),
        ([{"type": "actions", "elements": [{"type": "plain_text_input", "action_id": "o"}]}], "unsupported type: plain_text_input"),
        ([{"type": "context", "elements": [plain("x")] * 11}], "no more than 10 items"),
        ([{"type": "section", "fields": [plain("x" * 2001)]}], "less than 2001"),
        ([{"type": "divider"}] * 51, "no more than 50 items"),
        ([{"type": "divider", "block_id": "same"}] * 2, "block_id already exists"),
        ([{"type": "divider", "color": "red"}], "invalid additional property: color"),
        ([{"type": "chart"}], "unsupported type: chart"),
        ([{"type": "alert", "text": plain("x")}], "unsupported type: alert in a message"),
        ([{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]}], "no more than 20 items"),
        ([{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * 2, "no more than 1 table"),
        ([{"type": "markdown", "text": "x" * 6_001}] * 2, "12001 characters in all"),
        (["not a block"], "must provide an object"),
        ("not blocks", "must provide an array"),
    ],
)
def test_blocks_over_a_limit_are_refused_with_the_place(blocks: Any, problem: str) -> None:
    assert any(problem in found for found in problems_of(blocks, "message")), problems_of(blocks, "message")


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        (modal(title=plain("x" * 25)), "less than 25"),
        (modal(private_metadata="x" * 3001), "less than 3001"),
        (modal(*[{"type": "divider"}] * 101), "no more than 100 items"),
        ({"type": "modal", "title": plain("Log"), "blocks": modal()["blocks"]}, "must provide submit"),
        ({"type": "home", "title": plain("Home"), "blocks": []}, "invalid additional property: title"),
        ({"type": "popup"}, "unsupported type: popup"),
        ("view", "must provide an object"),
    ],
)
def test_views_over_a_limit_are_refused(view: Any, problem: str) -> None:
    assert any(problem in found for found in problems_of_view(view)), problems_of_view(view)


def test_what_slacks_own_classes_render_passes() -> None:
    blocks = [
        HeaderBlock(text="A, purchase $310k"),
        SectionBlock(text=MarkdownTextObject(text="*Dana R.*"), fields=["Credit", "720-739"]),
        ActionsBlock(elements=[ButtonElement(text="Claim", action_id="claim", value="1042", style="primary")]),
        ContextBlock(elements=[MarkdownTextObject(text="Zillow")]),
    ]
    assert problems_of([block.to_dict() for block in blocks], "message") == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "options", "element", "accessory", "rows", "value"]) | st.text(max_size=4), inner
        )
    ),
    max_leaves=12,
)
blockish = st.fixed_dictionaries(
    {"type": st.sampled_from(sorted(BLOCKS)) | json_values},
    optional=dict.fromkeys(
        ("text", "elements", "element", "label", "accessory", "fields", "rows", "chart", "actions", "child_blocks", "block_id"), json_values
    ),
)


@given(st.lists(blockish, max_size=3) | json_values, st.sampled_from(["message", "modal", "home"]))
def test_no_garbage_makes_the_checker_stumble(blocks: Any, surface: str) -> None:
    assert isinstance(problems_of(blocks, surface), list)


GOOD_BLOCKS = [
    *card(button("claim", "Claim", value="1"), select(2), {"type": "overflow", "action_id": "more", "options": [option("busy")]}),
    *modal()["blocks"],
    {
        "type": "input",
        "label": plain("Why"),
        "element": {"type": "checkboxes", "options": [option("price")], "initial_options": [option("price")]},
    },
    {"type": "input", "label": plain("When"), "element": {"type": "datepicker", "initial_date": "2026-03-02"}, "optional": True},
    {"type": "section", "text": plain("Who"), "accessory": {"type": "multi_users_select", "initial_users": ["U0MAYA"]}},
    {"type": "card", "title": plain("Dana"), "actions": [button("open", "Open")]},
    {"type": "container", "title": plain("More"), "child_blocks": [{"type": "actions", "elements": [button("open", "Open")]}]},
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "Dana"}]}]},
]


@st.composite
def spoiled_blocks(draw: st.DrawFn) -> list[JSON]:
    """Good blocks of which one part has become something else, or is gone."""
    blocks: list[JSON] = copy.deepcopy(draw(st.lists(st.sampled_from(GOOD_BLOCKS), min_size=1, max_size=3, unique_by=id)))
    part: Any = blocks
    while True:
        key = draw(st.sampled_from(sorted(part) if isinstance(part, dict) else range(len(part))))
        if not part[key] or not isinstance(part[key], dict | list) or draw(st.booleans()):
            break
        part = part[key]
    if draw(st.booleans()):
        part[key] = draw(json_values)
    else:
        del part[key]
    return blocks


@given(spoiled_blocks())
def test_blocks_that_pass_can_be_read_and_pressed(blocks: list[JSON]) -> None:
    if problems_of(blocks, "modal"):
        return
    named = with_ids(blocks)
    state = state_of(named, {})
    assert isinstance(unanswered(named, state), list) and orjson.dumps(state)
    for block, element in elements_in(named):
        if element["type"] == "button":
            done = pressed(named, {"action_id": element["action_id"], "block_id": block["block_id"]})
            assert done["type"] == "button"


async def test_a_refused_post_names_the_problems_and_is_not_there(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0LEADS", text="A lead", blocks=[section("x" * 3001)])
    assert caught.value.response["error"] == "invalid_blocks"
    assert caught.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]
    assert (await client.conversations_history(channel="C0LEADS"))["messages"] == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "A lead", "blocks": [section("x" * 2900)] * 5}, "msg_blocks_too_long"),
        ({"text": "A lead", "blocks": "[not json"}, "invalid_blocks_format"),
        ({"text": "A lead", "metadata": {"event_type": "posting"}}, "invalid_metadata_schema"),
    ],
)
async def test_posts_that_slack_would_not_take_are_refused(client: AsyncWebClient, arguments: JSON, error: str) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.api_call("chat.postMessage", json={"channel": "C0LEADS", **arguments})
    assert caught.value.response["error"] == error


async def test_a_very_long_text_is_cut_when_posted_and_refused_when_updated(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="C0LEADS", text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000 and posted["warning"] == "message_truncated"
    with pytest.raises(SlackApiError, match="msg_too_long"):
        await client.chat_update(channel="C0LEADS", ts=posted["ts"], text="x" * 4_001)
