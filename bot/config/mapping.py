"""A source that is only data: which of its names is which of ours, how it shows its key, and what it is answered."""

from functools import cache
from pathlib import Path
from string import Formatter, Template
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from bot.config.document import read_document
from bot.config.entry import Entry
from bot.config.problems import closest, say, shown
from bot.config.values import Text, many, one_of
from bot.sources.field_names import OUR_FIELDS
from bot.sources.formats import FORMATS, VENDOR, Format, mapped, with_application
from bot.sources.mapping import IGNORED, FieldMap, Replies, Sentence
from bot.sources.proof import Proof, by_field, by_header, by_query, by_signature

SHIPPED = Path(__file__).parent.parent / "sources" / "data"
"""Mappings of vendors, in the same form."""

_OURS = {field: field for field in (*sorted(OUR_FIELDS), IGNORED)}
_ENCODINGS = {"hex": "hex", "base64": "base64"}


def _field(written: object) -> str:
    name = str(written).strip().lower()
    name = "purpose" if name == "loan_purpose" else name  # as `leadbell show --json` calls it
    if name not in _OURS:
        raise say(f"{shown(written)} is no field of a lead. docs/sources.md lists them.", suggestion=closest(name, _OURS))
    return name


def _template(written: object) -> str:
    """What a source hears; the only words to fill in are ours."""
    text = str(written)
    if unknown := [name for name in Template(text).get_identifiers() if name not in ("lead", "duplicate")]:
        raise say(f"${unknown[0]} is nothing that an answer can say.", ("$lead", "$duplicate"))
    if not Template(text).is_valid():
        raise say("A $ stands alone in this answer. Write $$ for a dollar sign.")
    return text


def _sentence(written: object) -> str:
    """A line of theirs with fields of ours in it."""
    text = " ".join(str(written).split())
    try:
        parts = [(words, name, spec or kind) for words, name, spec, kind in Formatter().parse(text)]
    except ValueError:
        raise say(f"{shown(written)} has a brace that nothing closes. Write a field as {{full_name}}.") from None
    names = [name for _, name, _ in parts if name is not None]
    if unknown := [name for name in names if name not in OUR_FIELDS]:
        raise say(f"{shown(unknown[0])} is no field of a lead. docs/sources.md lists them.", suggestion=closest(unknown[0], _OURS))
    if not names or all(not words.strip() for words, _, _ in parts):
        raise say("Write words of theirs and at least one field, such as {full_name} wants to {purpose}.")
    if any(more for _, _, more in parts) or any(not words for words, name, _ in parts[1:] if name is not None):
        raise say("Write each field alone in its braces, and words or a space between two of them.")
    return text


OurField = Annotated[str, BeforeValidator(_field)]
SentenceText = Annotated[str, BeforeValidator(_sentence)]
ReplyText = Annotated[str, BeforeValidator(_template)]
Encoding = Annotated[Literal["hex", "base64"], one_of("an encoding", _ENCODINGS)]


class Auth(Entry):
    """One way to prove to be the source, with its secret: a header, a parameter of the address, a field of the body, or a signature."""

    header: Text | None = None
    query: Text | None = None
    field: Text | None = None
    signature: Text | None = None
    encoding: Encoding = "hex"
    prefix: str = ""

    @model_validator(mode="after")
    def _one(self) -> "Auth":
        if sum(each is not None for each in (self.header, self.query, self.field, self.signature)) != 1:
            raise say("Write one of header, query, field or signature, with the name under which the source sends it.")
        return self

    @property
    def proof(self) -> Proof:
        if self.header is not None:
            return by_header(self.header)
        if self.query is not None:
            return by_query(self.query)
        if self.field is not None:
            return by_field(self.field)
        assert self.signature is not None
        return by_signature(self.signature, encoding=self.encoding, prefix=self.prefix)


class ReplyEntry(Entry):
    """What the source hears. `not_understood` is for one that stops sending when it is refused; such requests wait to be looked at."""

    kept: ReplyText = Field(description="the answer to a lead, with $lead for its number")
    duplicate: ReplyText | None = None
    not_understood: ReplyText | None = None
    content_type: Text = "application/json"

    @property
    def replies(self) -> Replies:
        duplicate, unread = (None if each is None else Template(each) for each in (self.duplicate, self.not_understood))
        return Replies(Template(self.kept), duplicate, unread, content_type=self.content_type)


class MappingEntry(Entry):
    """Names and words of a source, and the wire around them. `test` is the field in which it says that a request is a test, `lines` are
    sentences of its emails, such as "{full_name} wants to {purpose}"."""

    fields: dict[str, OurField] = {}
    values: dict[OurField, dict[str, str]] = {}
    always: dict[OurField, str] = {}
    test: Text | None = None
    lines: Annotated[tuple[SentenceText, ...], BeforeValidator(many)] = ()
    auth: Auth | None = None
    reply: ReplyEntry | None = None

    @property
    def map(self) -> FieldMap:
        of_the_wire = {name.lower(): IGNORED for name in (self.auth.field if self.auth else None, self.test) if name}
        return FieldMap(
            {name.strip().lower(): field for name, field in self.fields.items()} | of_the_wire,
            {field: {" ".join(theirs.split()).casefold(): ours for theirs, ours in words.items()} for field, words in self.values.items()},
            self.always,
            self.test,
            tuple(Sentence(tuple((words.lower(), name) for words, name, _, _ in Formatter().parse(line))) for line in self.lines),
        )

    def spoken(self, base: Format) -> Format:
        """A format with this key and this answer in place of its own."""
        return mapped(base, self.auth.proof if self.auth else None, self.reply.replies if self.reply else None)


@cache
def shipped_mapping(name: str) -> MappingEntry:
    """The mapping of a vendor that comes with Leadbell."""
    return MappingEntry.model_validate(read_document(SHIPPED / f"{name}.yaml").data)


def names_of_formats() -> dict[str, str]:
    """Every format that a source may name."""
    shipped = sorted(path.stem for path in SHIPPED.glob("*.yaml"))
    return {name: name.replace("_", " ") for name in (*FORMATS, *shipped)}


FormatName = Annotated[str, one_of("a format", names_of_formats())]


def speaks(format_name: str, written: MappingEntry | None, application_url: str | None = None) -> tuple[Format, FieldMap]:
    """How a source speaks, of its format and of what its own mapping adds or says otherwise."""
    shipped = None if format_name in FORMATS else shipped_mapping(format_name)
    base, names = (FORMATS[format_name], FieldMap()) if shipped is None else (shipped.spoken(VENDOR), shipped.map)
    if application_url is not None:
        base = with_application(base, application_url)
    if written is None:
        return base, names
    own = written.map
    merged = FieldMap(
        {**names.fields, **own.fields},
        {**names.values, **own.values},
        {**names.always, **own.always},
        own.test or names.test,
        own.lines or names.lines,
    )
    if format_name == "generic" and (written.auth or written.reply):
        base = VENDOR
    return written.spoken(base), merged
