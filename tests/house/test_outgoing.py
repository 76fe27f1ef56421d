"""Where Leadbell goes by itself: to addresses of the operator's and of the platforms, never to one that somebody else wrote."""

import ast
from collections.abc import Iterator

import pytest

from bot.handlers.discord.files import is_discords
from bot.rules.certificates import certificate_in
from bot.settings import Settings
from tests.house.code import imports, last_name, nodes
from tests.house.readme import table

NOT_FOR_USE = ("bot/sandbox/", "bot/demo.py")
"""What plays the world outside, for the demo and the tests."""
GUARD = "bot/outreach/guard.py"
"""The only place that makes sessions: it looks at each address."""
MAKES_A_CLIENT = {
    "session_to", "AsyncWebClient", "AsyncWebhookClient", "SocketModeClient", "Client", "SMTP", "IMAP4", "IMAP4_SSL",
    "open_connection", "create_connection", "urlopen",
}  # fmt: skip
GOES = {
    "bot/handlers/slack/app.py": "SLACK_API_URL",
    "bot/handlers/slack/roster.py": "SLACK_API_URL",
    "bot/handlers/slack/sockets.py": "SLACK_API_URL",
    "bot/handlers/discord/app.py": "DISCORD_TOKEN",
    "bot/handlers/discord/live_check.py": "DISCORD_TOKEN",
    "bot/outreach/sms.py": "TWILIO_API_URL",
    "bot/outreach/voice.py": "TWILIO_API_URL",
    "bot/outreach/live_check.py": "TWILIO_API_URL",
    "bot/outreach/meta.py": "META_API_URL",
    "bot/outreach/trustedform.py": "TRUSTEDFORM_API_URL",
    "bot/outreach/email.py": "SMTP_URL",
    "bot/outreach/inbox.py": "IMAP_URL",
    "bot/scheduling/heartbeat.py": "LEADBELL_HEARTBEAT_URL",
    "bot/live_check.py": "LEADBELL_PUBLIC_URL",
}
"""Each file that makes a client, with the setting that names where it goes."""
FOLLOWS = ["bot/live_check.py", "bot/outreach/sms.py", "bot/outreach/sms.py"]
"""The requests that go on where they are sent: a look at our own door, and pictures and recordings at the phone network."""
OTHER_WAYS_OUT = (
    "httpx",
    "requests",
    "urllib.request",
    "urllib3",
    "http.client",
    "smtplib",
    "ftplib",
    "telnetlib",
    "websockets",
    "websocket",
)


def _in_use(*kinds: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    for place, node in nodes(*kinds, under="bot/"):
        if not place.startswith(NOT_FOR_USE):
            yield place.partition(":")[0], node


def test_each_client_goes_where_a_setting_of_the_operators_says() -> None:
    made = {file for file, node in _in_use(ast.Call) if isinstance(node, ast.Call) and last_name(node.func) in MAKES_A_CLIENT}
    assert made == set(GOES)


def test_the_page_about_security_names_them_all() -> None:
    variables = {str(each.validation_alias) for each in Settings.model_fields.values()}
    told = [setting for setting, *_ in table("Where Leadbell goes by itself")]
    assert sorted(told) == sorted({*GOES.values(), "LEADBELL_DATABASE_URL"})
    assert set(told) <= variables


@pytest.mark.fault(73)
def test_every_request_of_ours_passes_the_guard() -> None:
    unguarded = {"ClientSession", "TCPConnector"}
    made = {file for file, node in _in_use(ast.Call) if isinstance(node, ast.Call) and last_name(node.func) in unguarded}
    assert made == {GUARD}


@pytest.mark.fault(73)
def test_nothing_else_that_could_go_anywhere_is_used() -> None:
    imported = [name for _, node in _in_use(ast.Import, ast.ImportFrom) for name in imports(node)]
    assert [name for name in imported if name.startswith(OTHER_WAYS_OUT)] == []


@pytest.mark.fault(73)
def test_no_request_follows_to_where_it_is_sent_on_without_need() -> None:
    follows: list[str] = []
    for file, node in _in_use(ast.AsyncWith):
        assert isinstance(node, ast.AsyncWith)
        for item in node.items:
            request = item.context_expr
            if isinstance(request, ast.Call) and last_name(request.func) in ("get", "post", "put", "request"):
                stays = [each for each in request.keywords if each.arg == "allow_redirects"]
                follows += [] if stays else [file]
    assert sorted(follows) == FOLLOWS


@pytest.mark.fault(73)
def test_addresses_of_pictures_that_a_text_comes_with_are_never_read() -> None:
    """Whoever forges a text would have us go there: pictures are asked of the phone network, by the text's id."""
    said = [node.value for _, node in _in_use(ast.Constant) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert [each for each in said if each.startswith("MediaUrl")] == []


@pytest.mark.fault(73)
@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://cdn.discordapp.com/ephemeral-attachments/1/2/me.jpg?ex=1", True),
        ("https://media.discordapp.net/attachments/1/2/me.jpg", True),
        ("http://cdn.discordapp.com/me.jpg", False),
        ("https://cdn.discordapp.com:8443/me.jpg", False),
        ("https://cdn.discordapp.com@evil.example/me.jpg", False),
        ("https://me@cdn.discordapp.com/me.jpg", False),
        ("https://cdn.discordapp.com.evil.example/me.jpg", False),
        ("https://169.254.169.254/latest/meta-data", False),
        ("https://[::1]/me.jpg", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_a_file_is_read_from_where_discord_keeps_files_and_from_nowhere_else(url: str, *, may: bool) -> None:
    assert is_discords(url) is may


@pytest.mark.fault(73)
@pytest.mark.parametrize(
    "address",
    [
        "https://169.254.169.254/latest/meta-data",
        "http://localhost:8080/metrics",
        "https://cert.trustedform.com@evil.example/0123",
        "https://cert.trustedform.com:8443/0123",
        "https://cert.trustedform.com/../admin",
        "https://cert.trustedform.com/%2e%2e",
        "https://cert.trustedform.com/..",
    ],
)
def test_of_a_certificates_address_only_its_id_is_taken_and_from_trustedform_alone(address: str) -> None:
    assert certificate_in(address) is None
