"""Which language a borrower wrote in: by what they wrote, never by what they are called."""

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.languages import written_language

SPANISH = """
Hola, buenas tardes
Hola, quiero comprar una casa
Necesito un préstamo
¿Cuánto necesito de enganche?
Cuanto seria el pago al mes
¿Habla español?
hablan espanol?
Buenos días, estoy interesado en refinanciar
No puedo hablar ahora, estoy en el trabajo
Llámeme mañana por favor
Llameme despues de las 5
Sí, muchas gracias
Ya tengo la carta de mi banco
Mi esposa y yo queremos ver la tasa
me puede mandar un mensaje mañana
que necesito para aplicar
Quisiera saber cual es la tasa de interes
Soy Dana, hablamos ayer, ya tengo los papeles
HOLA SI ME INTERESA GRACIAS
Tengo dos trabajos y no sé si puedo
Gracias, hoy no puedo
nos gustaría comprar antes de enero
¿Cuándo puede llamar?
Disculpe, ¿quién es usted?
Mi nombre es John Smith y quiero refinanciar
Hi, ¿usted habla español?
ola quiero una casa
""".strip().splitlines()
ENGLISH = """
Yes, please call me after 5
What is the rate today?
I'm interested in a refi
Jose Garcia, interested in refi
This is Maria de la Cruz, I want to buy in Los Angeles
We live in El Paso and want to move to San Antonio
Can you text me the numbers?
My wife Guadalupe and I are ready
Hola! I'm interested in a loan
Gracias! I will call you tomorrow
Is there someone who speaks Spanish?
Do you have an agent who can speak español?
I have no down payment, what can I do
the casa on Las Flores is sold, what now
thanks, I'll get it to you
Please stop texting me
I need to sell my house in Casa Grande first
Adios and thank you for the help
How much would it be with 20% down on 310000
we'd like to close in May if we can
""".strip().splitlines()
NEITHER = """

ok
Yes
No
Sí
Hola
Gracias
Jose Garcia
María Fernanda López de la Torre
Los Angeles
El Paso TX 79901
Juan Carlos, refi, 310000
78704
👍
De la Rosa, La Mesa
Olá, não quero mais mensagens
Bonjour, je voudrais une maison
Quiero info about the refinance please
call me mañana
STOP
No me
Refi
Casa nueva
Santa Fe, NM
Wei Chen, purchase, Las Vegas
""".splitlines()[1:]


def test_each_short_text_is_told_or_left_open() -> None:
    told = dict.fromkeys(SPANISH, "es") | dict.fromkeys(ENGLISH, "en") | dict.fromkeys(NEITHER, None)
    assert len(told) >= 60
    assert {text: written_language(text) for text in told} == told


NAMES = st.sampled_from(
    ("Jose", "María", "Garcia", "López", "Guadalupe", "De La Cruz", "Los Angeles", "Del Rio", "San Diego", "Las Vegas", "Núñez"),
)


@given(st.lists(NAMES, max_size=6).map(" ".join))
def test_names_alone_are_never_a_language(names: str) -> None:
    assert written_language(names) is None


@given(st.sampled_from(ENGLISH), st.lists(NAMES, max_size=4).map(" ".join))
def test_no_name_makes_english_spanish(text: str, names: str) -> None:
    assert written_language(f"{names}. {text} {names}") != "es"


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert written_language(text) in ("en", "es", None)


@given(st.sampled_from(SPANISH + ENGLISH))
def test_capitals_and_punctuation_change_nothing(text: str) -> None:
    assert written_language(text.upper() + "!!! ") == written_language(text)
