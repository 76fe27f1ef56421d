"""The Web API as slack_sdk calls it."""

from collections.abc import Awaitable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import BOT_TOKEN
from tests.sandbox.hands import People, card

METADATA = {"event_type": "posting", "event_payload": {"posting": 7}}


async def refusal(call: Awaitable[Any]) -> str:
    """The error that Slack gives to a call."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_the_bot_learns_who_it_is(client: AsyncWebClient) -> None:
    me = await client.auth_test()
    assert (me["team_id"], me["user_id"], me["bot_id"]) == ("T0ACME", "U0LEADBELL", "B0LEADBELL")


@pytest.mark.parametrize(
    ("token", "error"), [("", "not_authed"), ("xoxb-wrong", "invalid_auth"), ("xapp-sandbox", "not_allowed_token_type")]
)
async def test_a_wrong_token_is_refused(client: AsyncWebClient, token: str, error: str) -> None:
    assert await refusal(client.auth_test(token=token)) == error


async def test_a_method_that_does_not_exist_is_refused(client: AsyncWebClient) -> None:
    assert await refusal(client.api_call("chat.shout")) == "unknown_method"


async def test_calls_work_by_get_and_as_json(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    query = {"token": "xoxb-sandbox", "channel": "C0LEADS", "text": "by get"}
    async with session.get(f"{sandbox.api_url}chat.postMessage", params=query) as response:
        assert (await response.json())["ok"]
    headers = {"Authorization": "Bearer xoxb-sandbox"}
    body = {"channel": "C0LEADS", "text": "by json", "blocks": card()}
    async with session.post(f"{sandbox.api_url}chat.postMessage", json=body, headers=headers) as response:
        assert (await response.json())["message"]["blocks"][0]["block_id"] == "head"


async def test_posting_to_a_person_opens_their_direct_messages(client: AsyncWebClient, people: People) -> None:
    posted = await client.chat_postMessage(channel="U0MAYA", text="Yours: #1042")
    opened = await client.conversations_open(users="U0MAYA")
    assert posted["channel"] == opened["channel"]["id"] == "D0MAYA"
    assert [message["text"] for message in (await people.see("dms/U0MAYA"))["messages"]] == ["Yours: #1042"]


@pytest.mark.parametrize(
    ("channel", "error"), [("C0NOWHERE", "channel_not_found"), ("C0GENERAL", "not_in_channel"), ("U0NOBODY", "channel_not_found")]
)
async def test_posting_where_the_bot_is_not_is_refused(client: AsyncWebClient, channel: str, error: str) -> None:
    assert await refusal(client.chat_postMessage(channel=channel, text="A lead")) == error


async def test_the_bot_can_join_a_public_channel(client: AsyncWebClient) -> None:
    await client.conversations_join(channel="C0GENERAL")
    assert (await client.chat_postMessage(channel="#general", text="Hello"))["channel"] == "C0GENERAL"
    assert "U0LEADBELL" in (await client.conversations_members(channel="C0GENERAL"))["members"]


async def test_message_ids_are_unique_and_grow(client: AsyncWebClient) -> None:
    ids = [(await client.chat_postMessage(channel="C0LEADS", text="A lead"))["ts"] for _ in range(20)]
    assert ids == sorted(set(ids)) and all(len(ts.split(".")[1]) == 6 for ts in ids)


async def test_message_ids_grow_even_when_the_clock_is_set_back(client: AsyncWebClient, people: People) -> None:
    before = await client.chat_postMessage(channel="C0LEADS", text="A lead")
    await people.do("clock", advance_s=-3600)
    after = await client.chat_postMessage(channel="C0LEADS", text="A lead")
    assert after["ts"] > before["ts"]


async def test_history_tells_metadata_only_when_asked(client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C0LEADS", text="A lead", metadata=METADATA)
    plainly = await client.conversations_history(channel="C0LEADS")
    asked = await client.conversations_history(channel="C0LEADS", include_all_metadata=True)
    assert "metadata" not in plainly["messages"][0] and asked["messages"][0]["metadata"] == METADATA


async def test_history_is_newest_first_and_comes_in_pages(client: AsyncWebClient) -> None:
    for number in range(5):
        await client.chat_postMessage(channel="C0LEADS", text=str(number))
    pages = [
        [message["text"] for message in page["messages"]] async for page in await client.conversations_history(channel="C0LEADS", limit=2)
    ]
    assert pages == [["4", "3"], ["2", "1"], ["0"]]


async def test_history_leaves_out_its_ends_unless_they_are_asked_for(client: AsyncWebClient) -> None:
    first, second, third = [(await client.chat_postMessage(channel="C0LEADS", text=text))["ts"] for text in ("1", "2", "3")]
    between = await client.conversations_history(channel="C0LEADS", oldest=first, latest=third)
    including = await client.conversations_history(channel="C0LEADS", oldest=first, latest=third, inclusive=True)
    assert [message["ts"] for message in between["messages"]] == [second]
    assert [message["ts"] for message in including["messages"]] == [third, second, first]


async def test_replies_stand_in_the_thread_and_not_in_the_channel(client: AsyncWebClient) -> None:
    parent = await client.chat_postMessage(channel="C0LEADS", text="A lead")
    reply = await client.chat_postMessage(channel="C0LEADS", text="Claimed", thread_ts=parent["ts"])
    nested = await client.chat_postMessage(channel="C0LEADS", text="Called", thread_ts=reply["ts"])
    thread = await client.conversations_replies(channel="C0LEADS", ts=parent["ts"])
    history = await client.conversations_history(channel="C0LEADS")
    assert [message["text"] for message in thread["messages"]] == ["A lead", "Claimed", "Called"]
    assert nested["message"]["thread_ts"] == parent["ts"]
    assert [message["text"] for message in history["messages"]] == ["A lead"] and history["messages"][0]["reply_count"] == 2


async def test_a_reply_to_nothing_is_refused(client: AsyncWebClient) -> None:
    assert await refusal(client.chat_postMessage(channel="C0LEADS", text="Hm", thread_ts="1.000000")) == "thread_not_found"


async def test_an_update_keeps_what_it_does_not_name(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="C0LEADS", text="A lead", blocks=card(), metadata=METADATA)
    await client.chat_update(channel="C0LEADS", ts=posted["ts"], text="A claimed lead")
    history = await client.conversations_history(channel="C0LEADS", include_all_metadata=True)
    (message,) = history["messages"]
    assert message["text"] == "A claimed lead" and message["blocks"] and message["metadata"] == METADATA and message["edited"]


async def test_only_its_own_lasting_messages_can_be_changed(client: AsyncWebClient, people: People) -> None:
    mayas = (await people.do("message", channel="C0LEADS", user="U0MAYA", text="mine"))["message"]["ts"]
    private = (await client.chat_postEphemeral(channel="C0LEADS", user="U0MAYA", text="psst"))["message_ts"]
    assert await refusal(client.chat_update(channel="C0LEADS", ts=mayas, text="ours")) == "cant_update_message"
    assert await refusal(client.chat_delete(channel="C0LEADS", ts=mayas)) == "cant_delete_message"
    assert await refusal(client.chat_update(channel="C0LEADS", ts=private, text="louder")) == "message_not_found"
    assert await refusal(client.chat_update(channel="C0LEADS", ts="not a ts", text="hm")) == "message_not_found"


async def test_a_deleted_message_is_gone_unless_it_has_replies(client: AsyncWebClient) -> None:
    alone, parent = [(await client.chat_postMessage(channel="C0LEADS", text="A lead"))["ts"] for _ in range(2)]
    await client.chat_postMessage(channel="C0LEADS", text="Claimed", thread_ts=parent)
    for ts in (alone, parent):
        await client.chat_delete(channel="C0LEADS", ts=ts)
    (left,) = (await client.conversations_history(channel="C0LEADS"))["messages"]
    assert left["ts"] == parent and left["subtype"] == "tombstone"


async def test_an_ephemeral_message_is_for_one_member_and_not_in_history(client: AsyncWebClient, people: People) -> None:
    await client.chat_postEphemeral(channel="C0LEADS", user="U0MAYA", text="psst")
    assert (await client.conversations_history(channel="C0LEADS"))["messages"] == []
    assert [(message["text"], message["ephemeral_to"]) for message in await people.messages()] == [("psst", "U0MAYA")]
    assert await refusal(client.chat_postEphemeral(channel="C0SOUTH", user="U0GUS", text="psst")) == "user_not_in_channel"


async def test_the_bot_sees_its_private_channels_and_all_public_ones(client: AsyncWebClient) -> None:
    listed = await client.conversations_list(types="public_channel,private_channel")
    assert {channel["name"] for channel in listed["channels"]} == {"leads", "leads-south", "all-officers", "general"}
    assert (await client.conversations_info(channel="C0LEADS"))["channel"]["is_private"]


async def test_people_are_found_by_id_and_by_email(client: AsyncWebClient) -> None:
    omar = (await client.users_info(user="U0OMAR"))["user"]
    assert omar["tz"] == "America/Denver" and omar["tz_offset"] in (-25200, -21600)
    assert (await client.users_lookupByEmail(email="GUS@partner.example"))["user"]["is_restricted"]
    assert await refusal(client.users_lookupByEmail(email="nobody@acme.example")) == "users_not_found"
    assert len((await client.users_list())["members"]) == 10


async def test_a_file_goes_up_in_three_steps_and_comes_down_again(
    client: AsyncWebClient, people: People, session: aiohttp.ClientSession
) -> None:
    await client.files_upload_v2(channel="C0LEADS", filename="pipeline.csv", content="a,b\n1,2\n", initial_comment="This week")
    message = (await people.messages())[-1]
    assert message["text"] == "This week" and message["files"][0]["name"] == "pipeline.csv"
    address = message["files"][0]["url_private"]
    async with session.get(address, headers={"Authorization": f"Bearer {BOT_TOKEN}"}) as response:
        assert await response.text() == "a,b\n1,2\n" and response.headers["Content-Disposition"] == "attachment"


async def test_a_reaction_is_added_once(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="C0LEADS", text="A lead")
    await client.reactions_add(channel="C0LEADS", timestamp=posted["ts"], name="bell")
    assert await refusal(client.reactions_add(channel="C0LEADS", timestamp=posted["ts"], name="bell")) == "already_reacted"


async def test_every_call_is_in_the_log_without_its_token(client: AsyncWebClient, people: People) -> None:
    await client.chat_postMessage(channel="C0LEADS", text="x" * 100)
    assert await refusal(client.chat_postMessage(channel="C0NOWHERE", text="A lead", token="xoxb-sandbox")) == "channel_not_found"
    good, bad = (await people.see("log"))["log"][0], (await people.see("log"))["log"][-1]
    assert good["method"] == "chat.postMessage" and good["ok"] and good["arguments"]["text"].endswith("(100 characters)")
    assert bad["error"] == "channel_not_found" and "xoxb" not in str(bad)
