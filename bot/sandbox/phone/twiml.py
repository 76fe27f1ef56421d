"""What a bot wants to happen on a call: TwiML, read into the few verbs that the network of the sandbox knows."""

from dataclasses import dataclass
from xml.etree import ElementTree


class BadTwiml(ValueError):
    """The bot answered with something that is no TwiML, or with a verb that is not known here."""


@dataclass(frozen=True)
class Say:
    words: str


@dataclass(frozen=True)
class Gather:
    says: tuple[Say, ...]
    digits: int
    timeout_s: float
    action: str


@dataclass(frozen=True)
class Dial:
    """Ring a number. `url` is what its own end hears first, `status_url` where its fate is told, `action` where the caller goes on."""

    number: str
    caller_id: str
    timeout_s: float
    action: str
    url: str
    status_url: str
    status_events: tuple[str, ...]
    answer_on_bridge: bool
    record: str
    recording_url: str
    machine_detection: str
    machine_url: str


@dataclass(frozen=True)
class Record:
    action: str
    finish_on_key: str
    longest_s: float


@dataclass(frozen=True)
class Hangup:
    pass


@dataclass(frozen=True)
class Redirect:
    url: str


Verb = Say | Gather | Record | Dial | Hangup | Redirect


def read_twiml(body: str) -> list[Verb]:
    """The verbs of an answer, in order; none where there is nothing in it. Raises BadTwiml."""
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        raise BadTwiml("the answer is no XML") from None
    if root.tag != "Response":
        raise BadTwiml("TwiML is a Response")
    return [_verb(each) for each in root]


def _verb(found: ElementTree.Element) -> Verb:
    match found.tag:
        case "Say" | "Play":
            return _heard(found)
        case "Record":
            return Record(found.get("action", ""), found.get("finishOnKey", "1234567890*#"), float(found.get("maxLength", "3600")))
        case "Gather":
            says = tuple(_heard(each) for each in found if each.tag in ("Say", "Play"))
            return Gather(says, int(found.get("numDigits", "1")), float(found.get("timeout", "5")), found.get("action", ""))
        case "Dial":
            return _dial(found)
        case "Hangup":
            return Hangup()
        case "Redirect":
            return Redirect((found.text or "").strip())
    raise BadTwiml(f"the verb {found.tag} is not known here")


def _heard(found: ElementTree.Element) -> Say:
    words = (found.text or "").strip()
    return Say(words if found.tag == "Say" else f"[{words}]")


def _dial(found: ElementTree.Element) -> Dial:
    number = found.find("Number")
    if number is None or not (number.text or "").strip():
        raise BadTwiml("a Dial here rings one Number")
    return Dial(
        number=(number.text or "").strip(),
        caller_id=found.get("callerId", ""),
        timeout_s=float(found.get("timeout", "30")),
        action=found.get("action", ""),
        url=number.get("url", ""),
        status_url=number.get("statusCallback", ""),
        status_events=tuple(number.get("statusCallbackEvent", "completed").split()),
        answer_on_bridge=found.get("answerOnBridge", "false") == "true",
        record=found.get("record", "do-not-record"),
        recording_url=found.get("recordingStatusCallback", ""),
        machine_detection=number.get("machineDetection", ""),
        machine_url=number.get("amdStatusCallback", ""),
    )
