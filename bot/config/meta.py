"""What a source of Meta's Lead Ads needs besides its key, which is the app's secret."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from bot.config.entry import Entry
from bot.config.problems import say
from bot.config.values import EnvironmentName, many, without_repeats
from bot.sources.meta import is_number


def _form(written: object) -> str:
    if not is_number(written):
        raise say("The number of a form has digits only. It stands in the Forms Library of the Page.")
    return str(written)


class MetaEntry(Entry):
    """The word of the handshake and the token of the Page stay in the environment, under these names. `forms` are looked through for leads
    of which no event told."""

    verify_token_env: EnvironmentName = Field(description="the environment variable that holds the word of the handshake")
    access_token_env: EnvironmentName = Field(description="the environment variable that holds the Page's access token")
    forms: Annotated[tuple[Annotated[str, BeforeValidator(_form)], ...], BeforeValidator(many), AfterValidator(without_repeats)] = ()
