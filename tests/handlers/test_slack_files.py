"""Our token goes to Slack's own file host alone."""

import pytest

from bot.handlers.slack.files import is_slacks

SLACK = "https://slack.com/api/"
STAND_IN = "http://127.0.0.1:8700/api/"


@pytest.mark.parametrize(
    ("url", "base_url", "may"),
    [
        ("https://files.slack.com/files-pri/T1-F1/me.jpg", SLACK, True),
        ("http://files.slack.com/files-pri/T1-F1/me.jpg", SLACK, False),
        ("https://files.slack.com.evil.example/me.jpg", SLACK, False),
        ("https://files.slack.com@evil.example/me.jpg", SLACK, False),
        ("https://files.slack.com:8443/me.jpg", SLACK, False),
        ("https://169.254.169.254/latest/meta-data", SLACK, False),
        ("", SLACK, False),
        ("http://127.0.0.1:8700/files-pri/F1", STAND_IN, True),
        ("http://127.0.0.1:8701/files-pri/F1", STAND_IN, False),
        ("https://files.slack.com/files-pri/T1-F1/me.jpg", STAND_IN, False),
    ],
)
def test_a_file_is_read_from_where_slack_keeps_files_and_from_nowhere_else(url: str, base_url: str, *, may: bool) -> None:
    assert is_slacks(url, base_url) is may
