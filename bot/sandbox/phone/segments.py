"""How many segments a text takes, as carriers count them."""

GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_DOUBLE = set("^{}\\[~]|€\f")


def segments(body: str) -> int:
    """At least one, also for an empty text."""
    if all(letter in GSM or letter in GSM_DOUBLE for letter in body):
        length, alone, joined = len(body) + sum(letter in GSM_DOUBLE for letter in body), 160, 153
    else:
        length, alone, joined = len(body.encode("utf-16-le", "surrogatepass")) // 2, 70, 67
    return 1 if length <= alone else -(-length // joined)
