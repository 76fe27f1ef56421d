"""Which language a borrower wrote in, told by its everyday words: never by a name, and rather not at all than wrongly."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

_WORD = re.compile(r"[a-zñ]+")

# Words that carry a Spanish sentence and are neither English words nor names of people and places.
_SPANISH = frozenset(
    _WORD.findall("""
    que para pero porque cuando donde cuanto cuanta cuantos cuantas quien cual estoy estan estamos esta soy somos eres tengo tiene
    tienen tenemos quiero quiere quieren queremos quisiera necesito necesita necesitamos puedo puede pueden podemos podria puedes
    hablar habla hablas hablan hablo gracias hola buenos buenas dias tardes noches muy mas mucho mucha muchas ya aqui hoy manana
    ahora tambien nada nos les usted ustedes yo ella ellos este estos ese eso fue era ser estar hacer hice comprar vender
    refinanciar prestamo hipoteca interes enganche credito llameme llamame llame llamar escribame escribeme escribir mensaje
    mensajes texto dinero espanol saber ver seria cuesta numero trabajo esposa esposo mi mis su sus hay voy vamos gustaria
    interesa interesado interesada casado tasa vivienda solo despues antes entonces disculpe perdon favor bien claro pronto
    todavia tarde semana mes ano anos llamo
    """)
)
_GREETINGS = frozenset(("hola", "gracias", "buenos", "buenas", "dias", "adios"))  # written in English texts too
# They count beside those: also English words, or parts of names such as De la Cruz, Los Angeles and El Paso.
_SPANISH_BESIDE = frozenset(_WORD.findall("de la el los las del en y a o no me se si un una por con al te lo como son casa sin"))
_ENGLISH = frozenset(
    _WORD.findall("""
    the and is are i you to for of in on my we it this that what when how can do have want need with at am will would please
    thanks thank your be was but if get call yes im ive its dont whats hi hello just about from our they has had looking
    interested not or so text there who an send could should id were again more still stop
    """)
)
_OTHER = re.compile(r"[ãõç]|\b(?:nao|voce|obrigad[oa]|ciao|grazie|sono|merci|bonjour|je|vous)\b")


def written_language(text: str) -> Literal["en", "es"] | None:
    """English or Spanish when the text shows it clearly; None for few words, a mix, or another language."""
    lowered = unicodedata.normalize("NFC", text).casefold()
    if _OTHER.search(lowered):
        return None
    words = set(_WORD.findall(_without_accents(lowered)))
    spanish, english = len(words & _SPANISH), len(words & _ENGLISH)
    beside = len(words & _SPANISH_BESIDE)
    if (spanish >= 2 and spanish + beside > 2 * english) or (spanish and spanish + beside >= 3 and not english):
        return "es"
    return "en" if english >= 2 and english > 4 * len(words & _SPANISH - _GREETINGS) else None


def _without_accents(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.replace("'", "").replace("’", ""))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


_MOST_LANGUAGES = 20


def preferred(header: str, spoken: Sequence[str]) -> str:
    """The one of our languages that a browser's Accept-Language likes best; the first of them where it likes none."""
    liked = []
    for place, part in enumerate(header[:1000].split(",")[:_MOST_LANGUAGES]):
        name, _, weight = part.partition(";")
        found = _WEIGHT.fullmatch(weight.replace(" ", ""))
        language = name.strip().lower().partition("-")[0]
        if language in spoken and (found is None or float(found[1]) > 0):
            liked.append((-float(found[1]) if found else -1.0, place, language))
    return min(liked)[2] if liked else spoken[0]


_WEIGHT = re.compile(r"q=([01](?:\.[0-9]{0,3})?)", re.ASCII)
