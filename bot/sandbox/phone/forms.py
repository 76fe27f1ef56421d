"""What the network tells the bot: the fields of a webhook, blank ones included."""

from bot.sandbox.phone.account import ACCOUNT_SID, API_VERSION, ROOT
from bot.sandbox.phone.texts import Text

PLACES = dict.fromkeys(("FromCity", "FromState", "FromZip", "ToCity", "ToState", "ToZip"), "")
"""What Twilio knows of real numbers, and leaves blank for others."""


def inbound_form(address: str, text: Text, word: str) -> dict[str, str]:
    """A borrower wrote; word is what the network answered on its own, if it did."""
    fields = {
        "ToCountry": "US",
        "FromCountry": "US",
        **PLACES,
        "MessageSid": text.sid,
        "SmsSid": text.sid,
        "SmsMessageSid": text.sid,
        "SmsStatus": "received",
        "AccountSid": ACCOUNT_SID,
        "ApiVersion": API_VERSION,
        "MessagingServiceSid": text.service,
        "From": text.sender,
        "To": text.to,
        "Body": text.body,
        "NumMedia": str(len(text.pictures)),
        "NumSegments": str(text.segments),
        **({"OptOutType": word} if word else {}),
    }
    for index, picture in enumerate(text.pictures):
        fields[f"MediaUrl{index}"] = f"{address}{ROOT}/Messages/{text.sid}/Media/{picture.sid}"
        fields[f"MediaContentType{index}"] = picture.content_type
    return fields


def status_form(text: Text, status: str, error_code: int | None) -> dict[str, str]:
    """A text of the bot has come to this status."""
    return {
        "MessageSid": text.sid,
        "SmsSid": text.sid,
        "MessageStatus": status,
        "SmsStatus": status,
        "From": text.sender,
        "To": text.to,
        "AccountSid": ACCOUNT_SID,
        "ApiVersion": API_VERSION,
        **({"MessagingServiceSid": text.service} if text.service else {}),
        **({"ErrorCode": str(error_code)} if error_code else {}),
    }
