"""Every reader of what strangers send, driven by coverage: `python -m tests.sources.fuzzing zillow --runs 100000`."""

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris
import orjson

with atheris.instrument_imports(include=["bot"]):
    from bot.capture.importing import understood
    from bot.config.mapping import MappingEntry, speaks
    from bot.errors import LeadbellError
    from bot.outreach.incoming import UnreadableMail, read_mail
    from bot.sources.csv_file import open_csv
    from bot.sources.formats import FORMATS
    from bot.sources.generic import fingerprint
    from bot.sources.mail import leads_in_mail, words_for_reading
    from bot.sources.mapping import NOTHING_MAPPED
    from bot.sources.meta import leads_told
    from bot.sources.new_lead import NewLead
    from bot.sources.pinging import read_ping, word_in
    from bot.sources.record import record_of
    from bot.sources.refused_rows import RefusedRows
    from bot.sources.request import LeadRequest
    from bot.sources.unreadable import Unreadable
    from bot.sources.vendors_test import VendorsTest
    from tests.sources.goldens import CONTENT_TYPES, GOLDENS, MAPPINGS

TYPES = [*CONTENT_TYPES.values(), "multipart/form-data; boundary=x", "application/json; charset=utf-16", ""]
"""The first byte of an input says as which of these the rest comes."""
LONGEST = 4096
MAIL = b"From: leads@vendor.example\nContent-Type: text/plain\n\nName: Dana Rowe\nPhone: (512) 555-0100\nLoan amount: $310k\n"
TABLE = b"First Name,Phone,Zip,Amount\nDana,(512) 555-0100,78704,310000\n=Tom,5.12555E+09,1234,$250k-300k\n"
EVENT = b'{"object":"page","entry":[{"id":"1","changes":[{"field":"leadgen","value":{"leadgen_id":444}}]}]}'
GRAPH = b"""{"id":"444","created_time":"2026-03-02T08:49:14+0000","field_data":[{"name":"email","values":["dana@example.com"]}],
"custom_disclaimer_responses":[{"checkbox_key":"ok","is_checked":""}]}"""
Reads = Callable[[LeadRequest], object]


def vendor(name: str) -> Reads:
    written = MAPPINGS.get(name)
    spoken, names = speaks(name, MappingEntry.model_validate(written) if written else None)

    def read(request: LeadRequest) -> None:
        spoken.proof.proves(request, "key")
        try:
            stored(*spoken.read(request, names))
        except VendorsTest as test:
            stored(*(each for each in [test.lead] if each))

    return read


def stored(*leads: NewLead) -> None:
    """What becomes of a lead next must be possible."""
    for lead in leads:
        assert lead.phones or lead.emails
        assert fingerprint(lead)
        assert orjson.dumps(record_of(lead))


def mail(request: LeadRequest) -> None:
    read = read_mail(request.body)
    stored(*leads_in_mail(words_for_reading(read.words, read.documents, read.lead), NOTHING_MAPPED))


def table(request: LeadRequest) -> None:
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(request.body)
        file.flush()
        with open_csv(Path(file.name)) as opened:
            for _, lead in understood(opened, RefusedRows(opened, None)):
                stored(lead)


def ping(request: LeadRequest) -> None:
    word_in(request)
    read_ping(request, NOTHING_MAPPED)


READERS: dict[str, Reads] = {
    **{name: vendor(name) for name in sorted({*FORMATS, *(golden.vendor for golden in GOLDENS)})},
    "meta_event": lambda request: leads_told(request.body),
    "mail": mail,
    "csv": table,
    "ping": ping,
}
ALL = "all"
"""Each input is read by every reader."""
REFUSES = (Unreadable, UnreadableMail, LeadbellError)


def seeds(name: str) -> list[bytes]:
    """What a run begins with: the requests that we know of this vendor, or one that such a reader reads."""
    if name == ALL:
        return [seed for each in READERS for seed in seeds(each)]
    known = {"mail": MAIL, "csv": TABLE, "meta_event": EVENT, "meta": GRAPH}.get(name)
    if known is not None:
        return [b"\x00" + known]
    goldens = [golden for golden in GOLDENS if golden.vendor == ("leadspedia" if name == "ping" else name)]
    return [bytes([TYPES.index(golden.content_type)]) + golden.body for golden in goldens]


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.sources.fuzzing", description=__doc__)
    asked.add_argument("reader", choices=[ALL, *READERS])
    asked.add_argument("--runs", type=int, default=100_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--folder", type=Path, help="what was learned, kept for the next run", default=None)
    options = asked.parse_args()
    folder: Path = options.folder or Path(tempfile.mkdtemp(prefix="leadbell-fuzzing-"))
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(options.reader)):
        (corpus / f"seed-{number}").write_bytes(seed)
    reads = list(READERS.values()) if options.reader == ALL else [READERS[options.reader]]

    def once(data: bytes) -> None:
        request = LeadRequest({"content-type": TYPES[data[0] % len(TYPES)]} if data else {}, {}, data[1:])
        for read in reads:
            with contextlib.suppress(*REFUSES):
                read(request)

    limits = [f"-runs={options.runs}", f"-seed={options.seed}", f"-max_len={LONGEST}", f"-artifact_prefix={folder}/"]
    atheris.Setup([sys.argv[0], *limits, str(corpus)], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
