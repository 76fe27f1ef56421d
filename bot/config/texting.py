"""What stands between a company and its first text: the registration, the sign-off, and the answers to STOP and HELP."""

from typing import Literal

from bot.config.models import Config
from bot.rules.escalation_policy import StepKind
from bot.rules.roles import may

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


def missing_before_alarms(config: Config, *, texts_on: bool) -> tuple[str, ...]:
    """Why officers would hear of no lead while chat is down, or some of them would not, in sentences for an operator."""
    without = [officer.key for officer in config.officers if officer.active and may(officer.role, "claim") and officer.phone is None]
    missing = [] if texts_on else ["Set TWILIO_ACCOUNT_SID and what goes with it."]
    if what_is_missing(config):
        missing.append("No text leaves before the block texting of the config is whole.")
    if without:
        missing.append(f"With their consent, write the phone of {', '.join(without)} under officers.")
    return tuple(missing)


def missing_before_calls(config: Config, *, calls_on: bool) -> tuple[str, ...]:
    """Why the steps that call somebody would ring nobody, in sentences for an operator; none where no step does."""
    calls = any(step.do is StepKind.CALL for policy in config.escalation_policies for step in policy.steps)
    return ("Set TWILIO_VOICE_FROM, and TWILIO_ACCOUNT_SID with what goes with it.",) if calls and not calls_on else ()


def missing_before_texting(config: Config) -> tuple[str, ...]:
    """The same in sentences for an operator."""
    return tuple(_SENTENCES[missing] for missing in what_is_missing(config))
