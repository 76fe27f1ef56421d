"""Whatever bytes a file holds, its leads and its report come out of it, or one sentence."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.capture.importing import understood
from bot.errors import LeadbellError
from bot.sources.csv_file import open_csv
from bot.sources.new_lead import NewLead
from bot.sources.refused_rows import RefusedRows

HEADERS = st.sampled_from(
    [b"Phone,Email\n", b"First Name;Zip;State;Phone;Created At\r\n", b"\xef\xbb\xbfPhone\tPhone\n", b"sep=|\nemail|\n", b""]
)
PIECES = st.sampled_from(
    [
        b"5125550100",
        b"5.1E+9",
        b"dana@example.com",
        b"2134",
        b"MA",
        b'"',
        b'="1"',
        b"'",
        b",",
        b";",
        b"\t",
        b"|",
        b"\n",
        b"\r",
        b"\0",
        b"\xe9",
    ]
)
BODIES = st.binary(max_size=300) | st.lists(PIECES | st.binary(max_size=8), max_size=60).map(b"".join)


def read(path: Path, report: Path) -> tuple[list[NewLead], int] | str:
    try:
        with open_csv(path) as table, RefusedRows(table, report) as refused:
            return [lead for _, lead in understood(table, refused)], refused.count
    except LeadbellError as error:
        return str(error)


@settings(max_examples=300, deadline=None)
@given(HEADERS, BODIES)
def test_any_bytes_give_leads_and_a_report_or_a_sentence(header: bytes, body: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, report = Path(folder, "leads.csv"), Path(folder, "report.csv")
        path.write_bytes(header + body)
        outcome = read(path, report)
        if isinstance(outcome, str):
            assert outcome.endswith(".")
            return
        leads, refused = outcome
        assert all(lead.phones or lead.emails for lead in leads)
        assert report.exists() == (refused > 0)
        if refused:
            again = read(report, Path(folder, "again.csv"))
            assert not isinstance(again, str), again
            assert len(again[0]) + again[1] <= refused


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"]))
def test_any_bytes_behind_sound_rows_spoil_none_of_them(body: bytes, encoding: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "leads.csv")
        path.write_bytes("Phone,Comments\n5125550100,José\n5125550101,x\n".encode(encoding) + body)
        outcome = read(path, Path(folder, "report.csv"))
        if isinstance(outcome, str):
            assert "is no text" in outcome
        else:
            assert [lead.phones[0].number for lead in outcome[0]][:2] == ["+15125550100", "+15125550101"]
