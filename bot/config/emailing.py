"""What stands between a company and its first email: the address that it comes from, and the sign-off."""

from typing import Literal

from bot.config.models import Config

MissingForEmail = Literal["email_is_off", "email_not_signed_off"]

_SENTENCES: dict[MissingForEmail, str] = {
    "email_is_off": "Write the block email into the config: from_address, signed_off_by and signed_off_on.",
    "email_not_signed_off": (
        "Have compliance read the emails that borrowers get and what stands below them, then write who approved them and when under "
        "email.signed_off_by and email.signed_off_on."
    ),
}


def what_email_lacks(config: Config) -> tuple[MissingForEmail, ...]:
    """What leadbell.yaml does not say yet. No email leaves to a borrower while there is any."""
    if config.email is None:
        return ("email_is_off",)
    if config.email.signed_off_by is None or config.email.signed_off_on is None:
        return ("email_not_signed_off",)
    return ()


def missing_before_email(config: Config) -> tuple[str, ...]:
    """The same in sentences for an operator."""
    return tuple(_SENTENCES[missing] for missing in what_email_lacks(config))
