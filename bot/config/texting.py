"""What stands between a company and its first text: the registration, the sign-off, and the answers to STOP and HELP."""

from typing import Literal

from bot.config.models import Config

Missing = Literal["texts_are_off", "not_registered", "not_signed_off"]

_SENTENCES: dict[Missing, str] = {
    "texts_are_off": (
        "Write the block texting into the config: stop_text, help_text, sender_registered_on, signed_off_by and signed_off_on."
    ),
    "not_registered": (
        "Register the sender with the carriers: at Twilio, a 10DLC brand and campaign or a toll-free verification. It takes weeks. "
        "Then write the day of the approval under texting.sender_registered_on."
    ),
    "not_signed_off": (
        "Have compliance read every text that borrowers get, then write who approved them and when under texting.signed_off_by "
        "and texting.signed_off_on."
    ),
}


def what_is_missing(config: Config) -> tuple[Missing, ...]:
    """What leadbell.yaml does not say yet. Nothing is texted to anybody while there is any."""
    texting = config.texting
    if texting is None:
        return ("texts_are_off",)
    missing: list[Missing] = []
    if texting.sender_registered_on is None:
        missing.append("not_registered")
    if texting.signed_off_by is None or texting.signed_off_on is None:
        missing.append("not_signed_off")
    return tuple(missing)


def missing_before_texting(config: Config) -> tuple[str, ...]:
    """The same in sentences for an operator."""
    return tuple(_SENTENCES[missing] for missing in what_is_missing(config))
