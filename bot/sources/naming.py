"""Whom a request names besides the borrower: our officer to whom a vendor sold the lead, and the partner who sent the borrower."""

from collections.abc import Mapping
from functools import lru_cache

from bot.sources.field_names import levels_of

# Written as names are compared: lower case, letters and digits only.
_NAMES = {
    "recipient": "recipient recipientemail recipientemailaddress recipientnmls recipientnmlsid officer officeremail officernmls "
    "officernmlsid loanofficer loanofficeremail loanofficeremailaddress loanofficernmls loanofficernmlsid loemail lonmls lonmlsid "
    "assignedto assignedtoemail assignedofficer assignedofficeremail originator originatoremail originatornmls originatornmlsid "
    "loanoriginator loanoriginatoremail loanoriginatornmlsid nmlsloanoriginatorid loexternalid",
    "partner": "partner partnername partneremail partneremailaddress partnerkey referralpartner referralpartnername referralpartneremail "
    "referredby referredbyname referredbyemail referral referralname referralemail agent agentname agentemail agentemailaddress "
    "realtor realtorname realtoremail realestateagent realestateagentname realestateagentemail",
}
_MEANT = {name: whom for whom, names in _NAMES.items() for name in names.split()}


def recipients_in(extra: Mapping[str, str]) -> tuple[str, ...]:
    """What might be the email, the NMLS id or the key of our officer, from the fields that a request keeps by its sender's own names."""
    return _values(extra, "recipient")


def partners_in(extra: Mapping[str, str]) -> tuple[str, ...]:
    """What might be the key, the name or the email of a partner."""
    return _values(extra, "partner")


def _values(extra: Mapping[str, str], whom: str) -> tuple[str, ...]:
    found = (" ".join(value.split()).casefold() for name, value in extra.items() if _means(name) == whom)
    return tuple(dict.fromkeys(value for value in found if value))


@lru_cache(maxsize=4096)
def _means(name: str) -> str | None:
    """Whom a field names, by its name or by what is left of it without what it is nested in."""
    levels = levels_of(name)
    return next((_MEANT[inner] for place in range(len(levels)) if (inner := "".join(levels[place:])) in _MEANT), None)
