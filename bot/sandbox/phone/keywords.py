"""The single words that the network itself obeys, before and beside whoever owns the number."""

STOP = frozenset({"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})
CONFIRMED = {
    "STOP": "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. "
    "Msg&Data Rates May Apply.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}


def keyword(body: str) -> str:
    """STOP, START or HELP when the text is one of their words and nothing else, otherwise empty."""
    word = body.strip().upper()
    return next((name for name, words in (("STOP", STOP), ("START", START), ("HELP", HELP)) if word in words), "")
