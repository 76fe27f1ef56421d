"""The three steps of a file upload: an address, the bytes, and the post that shows the file."""

import mimetypes
import secrets
from typing import Any

from aiohttp import web

from bot.sandbox import messages
from bot.sandbox.call import Call
from bot.sandbox.errors import SlackError
from bot.sandbox.slack import Slack
from bot.sandbox.workspace import BOT_TOKEN, BOT_USER_ID

JSON = dict[str, Any]
LARGEST_FILE = 20 * 1024 * 1024


def get_upload_url(slack: Slack, call: Call) -> JSON:
    """files.getUploadURLExternal"""
    name, length = call.needed("filename"), call.number("length", 0, LARGEST_FILE + 1)
    if not 0 < length <= LARGEST_FILE:
        raise SlackError("invalid_arguments")
    file = _file(slack, name, length, BOT_USER_ID)
    slack.store.save_file(file, b"")
    return {"upload_url": f"{slack.address}/upload/v1/{file['id']}", "file_id": file["id"]}


def keep_for(slack: Slack, user: str, name: str, content: bytes) -> JSON:
    """A file that a person uploads."""
    file = {**_file(slack, name, len(content), user), "complete": True}
    slack.store.save_file(file, content)
    return file


def _file(slack: Slack, name: str, length: int, user: str) -> JSON:
    file_id = "F0" + secrets.token_hex(5).upper()
    address = f"{slack.address}/files-pri/{file_id}"
    return {
        "id": file_id,
        "created": int(slack.clock.now().timestamp()),
        "name": name,
        "title": name,
        "mimetype": mimetypes.guess_type(name)[0] or "application/octet-stream",
        "size": length,
        "user": user,
        "url_private": address,
        "url_private_download": address,
        "complete": False,
    }


async def take_bytes(slack: Slack, request: web.Request) -> web.Response:
    """The upload itself, raw or as a form with one file."""
    found = slack.store.file(request.match_info["file_id"])
    if found is None or found[0]["complete"]:
        return web.Response(status=404, text="no such upload")
    if request.content_type.startswith("multipart/"):
        uploads = [value for value in (await request.post()).values() if isinstance(value, web.FileField)]
        content = uploads[0].file.read() if uploads else b""
    else:
        content = await request.read()
    file = found[0]
    if len(content) != file["size"]:
        return web.Response(status=400, text="the size differs from the length announced")
    slack.store.save_file(file, content)
    return web.Response(text=f"OK - {len(content)}")


async def send_private(slack: Slack, request: web.Request) -> web.Response:
    """url_private, for the app alone: whoever may not read files is sent to the page where people sign in."""
    if request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}" or "files:read" in slack.faults.withheld:
        return web.Response(status=302, headers={"Location": slack.address})
    return await send_bytes(slack, request)


async def send_bytes(slack: Slack, request: web.Request) -> web.Response:
    """For the page: always a download, whatever the file says it is."""
    found = slack.store.file(request.match_info["file_id"])
    if found is None:
        return web.Response(status=404, text="no such file")
    return web.Response(body=found[1], content_type="application/octet-stream", headers={"Content-Disposition": "attachment"})


def complete_upload(slack: Slack, call: Call) -> JSON:
    """files.completeUploadExternal"""
    wanted = call.structure("files")
    if not isinstance(wanted, list) or not wanted:
        raise SlackError("invalid_arguments")
    finished = [_finished(slack, entry) for entry in wanted]
    channels = [name for name in (call.text("channel_id") or call.text("channels")).split(",") if name]
    places = [slack.place_of_bot(channel) for channel in channels]
    for file, content in finished:
        slack.store.save_file(file, content)
    files = [file for file, _ in finished]
    for place in places:
        messages.post_as_bot(slack, place, {"text": call.text("initial_comment"), "files": files}, call.text("thread_ts"))
    return {"files": files}


def _finished(slack: Slack, entry: object) -> tuple[JSON, bytes]:
    found = slack.store.file(str(entry.get("id"))) if isinstance(entry, dict) else None
    if found is None or not found[1] or not isinstance(entry, dict):
        raise SlackError("file_not_found")
    file, content = found
    return {**file, "title": str(entry.get("title") or file["name"]), "complete": True}, content
