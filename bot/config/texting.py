"""What stands between a company and its first text: the registration, the sign-off, and the answers to STOP and HELP."""

from bot.config.models import Config


def missing_before_texting(config: Config) -> tuple[str, ...]:
    """What leadbell.yaml does not say yet, in sentences for an operator. Nothing is texted to borrowers while there is any."""
    texting = config.texting
    if texting is None:
        return ("Write the block texting into the config: stop_text, help_text, sender_registered_on, signed_off_by and signed_off_on.",)
    missing = []
    if texting.sender_registered_on is None:
        missing.append(
            "Register the sender with the carriers: at Twilio, a 10DLC brand and campaign or a toll-free verification. It takes weeks. "
            "Then write the day of the approval under texting.sender_registered_on."
        )
    if texting.signed_off_by is None or texting.signed_off_on is None:
        missing.append(
            "Have compliance read every text that borrowers get, then write who approved them and when under texting.signed_off_by "
            "and texting.signed_off_on."
        )
    return tuple(missing)
