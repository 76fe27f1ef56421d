"""Whether somebody who opted out asks us again in their words: for a call, for a talk, or for texts with START. Nothing else counts."""

import re
import unicodedata

from bot.rules.opt_out import MOST_READ, Wish, read_wish

_SENTENCE_ENDS = re.compile(r"[.!?;,:\n…¿¡()–—]+")
_NOT_LETTERS = re.compile(r"[^a-z]+")
# What may stand before the request. Anything else may turn it round: "why do you call me", "dont you dare call me", "they call me".
_BEFORE = (
    r"(?:(?:hi|hello|hey|ok|okay|yes|yeah|yep|sure|fine|actually|sorry|please|pls|plz|kindly|just|so|and|but|then|well|now|thanks"
    r"|go ahead and|feel free to|you (?:can|may)|(?:can|could|will|would) (?:you|u|ya|someone|somebody)"
    r"|hola|si|bueno|pues|entonces|mejor|por favor|favor de|porfa|porfavor|ya|gracias) )*"
)
_AFTER = r"(?! (?:crazy|names?|again and|again i|and i|every|all the|all day|constantly|nonstop|one more))"
_ASKS = re.compile(
    rf"{_BEFORE}(?:"
    rf"(?:call|phone|ring|contact) (?:me|us)\b{_AFTER}|call back\b{_AFTER}|give (?:me|us) (?:a|another) (?:call|ring)\b"
    r"|(?:id|i would|we would|wed) like (?:you |someone |somebody )?to (?:call|talk|speak|be called)\b"
    r"|(?:i|we) (?:do )?(?:want|need) (?:you |someone |somebody )?to (?:call me|call us|talk|speak|be called)\b"
    r"|(?:can|could|when can) we (?:talk|speak)\b|lets talk\b"
    r"|(?:llam[ae]n?(?:me|nos)|me (?:puede|podria)[ns]? llamar|(?:puede|podria)[ns]? llamar(?:me|nos)"
    r"|(?:quiero|quisiera|necesito) (?:hablar|que (?:me|nos) llam[ae]n?))\b"
    r")"
)


def asks_us_again(words: str) -> bool:
    """Whether these words, of somebody who opted out before, ask us for something. In doubt they do not."""
    if read_wish(words) is Wish.START:
        return True
    letters = unicodedata.normalize("NFKD", words[:MOST_READ].casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter) and letter not in "'\u2019\u2018`")
    return any(_ASKS.match(" ".join(_NOT_LETTERS.split(sentence)).strip()) for sentence in _SENTENCE_ENDS.split(plain))
