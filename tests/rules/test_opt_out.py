"""What borrowers write when they want no more texts, and what only sounds like it."""

import re
import time
import timeit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.opt_out import Wish, read_wish

STOPS = (
    *(
        "STOP",
        "Stop",
        "stop.",
        " stop \n",
        "STOP!!!",
        "“STOP”",
        "'stop'",
        "s t o p",
        "S.T.O.P.",
        "STOOOOP",
        "stop stop stop",
        "STOP 😡",
        "🛑 STOP",
    ),
    *(
        "S\u200bTOP",
        "ＳＴＯＰ",
        "Stopall",
        "STOP ALL",
        "UNSUBSCRIBE",
        "unsubscribe me please",
        "Unsuscribe",
        "END",
        "Quit",
        "CANCEL",
        "cancel please",
    ),
    *(
        "REVOKE",
        "OPTOUT",
        "Opt out",
        "OPT-OUT",
        "opt me out",
        "I want to opt out",
        "I’d like to opt out of these messages",
        "opt out of texts",
    ),
    *(
        "please stop",
        "Pls stop thx",
        "stop it",
        "Stop now",
        "STOP\nSent from my iPhone",
        "Stop, I already have a lender",
        "No. Stop. Thanks",
    ),
    *(
        "please stop texting me",
        "Quit texting me",
        "stop sending me these",
        "Can you please stop messaging me?",
        "I asked you to stop contacting me",
    ),
    *(
        "stop all texts",
        "Stop these messages",
        "how do I stop these texts",
        "stop blowing up my phone",
        "u need to stop txting me",
        "I said stop!",
    ),
    *(
        "I told you to stop",
        "would you stop",
        "STOP CALLING ME",
        "you people stop calling me",
        "stop texting me right now",
        "stop with the texts",
    ),
    *(
        "don't text me",
        "Don’t text me anymore",
        "do not contact me again",
        "dont txt me",
        "Please don't call or text",
        "never text this number again",
    ),
    *(
        "please do not message me",
        "don't text, call instead",
        "don't send me any more messages",
        "Do not call",
        "don't you ever text me again",
    ),
    *("do not send any more texts to this number", "dnt text me", "Please don't ever contact me", "DON'T CALL ME AGAIN"),
    *(
        "take me off your list",
        "Take me off",
        "remove me",
        "remove me from your list",
        "Please remove my number from your database",
        "delete my number",
    ),
    *("Take my name off this list", "lose my number", "Put me on your do not call list", "I am on the national do not call registry"),
    *(
        "i don't want these texts",
        "I dont want any more messages from you",
        "I no longer wish to receive texts",
        "do not wish to be contacted",
    ),
    *(
        "I don't want you to text me",
        "I do not want to hear from you",
        "I didn't want to be contacted",
        "no more texts",
        "No more messages please",
    ),
    *("no texts please", "leave me alone", "Just leave me alone!!", "go away", "fuck off", "I'm blocking you", "cease and desist"),
    *(
        "I revoke my consent",
        "I withdraw my permission to be contacted",
        "cancel my subscription",
        "cancel the texts",
        "end these messages",
    ),
    *(
        "Not interested, take me off your list",
        "My quit date is Friday. Please stop texting me",
        "don't call me before 5 and take me off your list",
    ),
    *(
        "wrong number, stop texting me",
        "I got the house! So you can stop texting me now :)",
        "Hi it's Dana. I went with my bank, pls remove me thanks",
    ),
    *(
        "ALTO",
        "Alto por favor",
        "parar",
        "pare",
        "Basta",
        "ya basta",
        "no más",
        "¡No más!",
        "NO MAS POR FAVOR",
        "detener",
        "CANCELAR",
        "baja",
    ),
    *(
        "no me escriban mas",
        "No me escriban más",
        "no me escriba",
        "Por favor no me llamen",
        "no me llame más",
        "no me manden mas mensajes",
    ),
    *("dejen de mandarme mensajes", "Deje de escribirme", "deja de llamarme", "dejen de molestar", "déjenme en paz", "DEJAME EN PAZ"),
    *("no quiero mas mensajes", "Ya no quiero recibir mensajes", "no quiero que me escriban", "no quiero que me llamen", "no mas textos"),
    *(
        "quítenme de la lista",
        "Quíteme de su lista por favor",
        "borren mi número",
        "sáquenme de su lista",
        "elimine mi numero",
        "quiero darme de baja",
    ),
    *(
        "no manden mas mensajes",
        "no me molesten",
        "nunca me vuelvan a escribir",
        "no vuelvan a llamarme, no me contacten",
        "no me envíen nada",
    ),
)
STOPS_NOT_FORESEEN = (  # collected after the rules were written
    *("I told you not to text", "don't text, email me", "Please leave me be", "consent revoked", "No molestar", "no contactar"),
    *("I asked you not to text me", "we closed with another lender so no need to text anymore", "stop following up", "stop already"),
    *(
        "Stop please and thank you",
        "Please delete my contact information",
        "ya párenle",
        "ya no me estén mandando mensajes",
        "ALTO mensajes",
    ),
    *("no autorizo que me llamen", "Please stop sending texts to my work phone", "Do not send me text messages", "Stop!! wrong number"),
    *(
        "I've asked multiple times to be removed",
        "I want off this list",
        "TAKE ME OFF YOUR F***ING LIST",
        "take me off ur list!!!!",
        "remove",
    ),
    *(
        "I am no longer interested in receiving text messages from your company",
        "I would like to stop receiving these messages",
        "Stop spam",
    ),
    *("I do not consent to these messages", "dont wanna get these texts", "I don't want to receive anything from you", "cancel everything"),
    *("Never mind, I found a lender. Stop texts", "Please discontinue all messages", "No text please call", "I already opted out", "cease"),
    *(
        "My husband said don't text me lol",
        "This is her husband, she died. Please stop.",
        "You guys are relentless, stop",
        "f*** off",
        "delete me",
    ),
    *("Please don't call/text", "Don't call me & don't text me", "call me after 5 don't text", "don't bother me", "unsubscribe from all"),
    *(
        "no necesito sus mensajes",
        "no me interesa gracias no vuelvan a llamar",
        "no quiero ser contactado",
        "cancelar suscripción",
        "basta ya",
    ),
    *("detengan los mensajes", "Quiero parar los mensajes", "no moleste", "Quiten mi numero de su sistema", "no me estén llamando"),
)
STOPS_OF_A_SECOND_COLLECTION = (
    *("unsub", "Un-subscribe", "un subscribe", "END ALL", "DNC", "No contact please", "Thanks but stop", "I want out of this list"),
    *("stop text", "Please quit contacting me", "Take me off of this", "take this number off your list", "No more contact", "end texts"),
    *("I hereby revoke my consent to receive texts", "Cease all contact immediately", "Put my number on the do not contact list"),
    *("No thank you. Please stop texting.", "not interested, stop", "STOP!!!!!!! I mean it", "I need you to stop texting me"),
    *("We don't want these messages", "Please delete me from your contacts", "I am opting out", "Forget my number", "QUIT TEXTING"),
    *("Basta de mensajes", "Basta con los mensajes", "Stop mensajes", "Suspendan los mensajes", "ya no me escriban", "no me mande más"),
    *("Quiero que me den de baja", "Desuscribir", "Revoco mi consentimiento", "Retiro mi permiso", "no autorizo mensajes"),
    *("No deseo más mensajes", "dejenme en paz por favor", "Bórreme de su lista", "quiten mi número", "paren de escribirme"),
)
NOT_ABOUT_TEXTS = (
    *(
        "",
        "   ",
        "👍",
        "Yes",
        "no",
        "No thanks",
        "ok",
        "Sounds good, thank you!",
        "78704",
        "call me",
        "text me",
        "please text me",
        "text is better",
    ),
    *(
        "can you stop by at 5?",
        "don't stop now",
        "Don't stop the texts, they help",
        "I'll end my lease in May",
        "cancel my appointment",
        "my quit date",
    ),
    *(
        "Can I stop in tomorrow?",
        "I'll stop at the bank first",
        "next to the bus stop",
        "We want to stop renting",
        "can this stop the foreclosure?",
    ),
    *(
        "it's a one stop shop",
        "non-stop flight lands at 6",
        "I can't stop smiling",
        "stop and think about it",
        "I quit my job in June",
        "he quit smoking",
    ),
    *(
        "quit claim deed was recorded",
        "quitclaim deed",
        "need to cancel our 3pm",
        "Can we cancel the lock?",
        "cancel my old insurance first?",
    ),
    *(
        "end of the month",
        "The weekend works",
        "My lease ends in May",
        "what's the front end ratio",
        "In the end we chose 30 years",
        "this is the end of it haha",
    ),
    *(
        "I want to remove my ex from the mortgage",
        "take me off the loan",
        "how do I remove me from the title",
        "opt out of escrow",
        "Can I opt out of PMI",
    ),
    *(
        "don't hesitate to call me",
        "Don't forget to text me the rates",
        "why don't you call me",
        "Why don't you text me the numbers",
        "if you don't call me by 5 I'm out",
    ),
    *(
        "Don't call me before 5, I'm at work",
        "don't call me right now I'm driving",
        "please do not contact my employer yet",
        "don't send the appraiser on Monday",
    ),
    *(
        "you never called",
        "I don't want to talk on the phone",
        "I don't want an ARM",
        "do not lock yet",
        "I no longer work there",
        "no rush, text me",
    ),
    *(
        "No more questions, thanks",
        "We have no debts",
        "it's more than enough",
        "need help with the form",
        "can you help me?",
        "let's start Monday",
        "start over",
    ),
    *(
        "what info do you need",
        "I can't send it now",
        "delete the first document",
        "take your time",
        "put me down for 3pm",
        "drop me a line",
        "block 12, lot 4",
    ),
    *(
        "shop my rate please",
        "quite",
        "Step 2 is done",
        "I already have a lender",
        "I never got your email",
        "who is this?",
        "unsure",
        "stopped by today",
    ),
    *(
        "Liked “Hi Dana, this is Lee. Reply STOP to opt out.”",
        'Laughed at "Reply STOP to end"',
        "Le gustó “Responda ALTO para no recibir más”",
    ),
    *(
        "¿Cuánto necesito de enganche?",
        "para cuando?",
        "quiero mas informacion",
        "no me han llamado",
        "No me llame antes de las 5",
        "alto interés no quiero",
    ),
    *(
        "please do not share my info",
        "Please do not run my credit",
        "help me stop foreclosure",
        "Take me off hold lol",
        "the END",
        "We decided to stop looking for a house",
        "I want to stop my mortgage payments",
        "Cancel the appraisal",
        "No text yet from the title company",
        "no mas quiero saber la tasa",
        "How can I stop PMI",
        "can we stop the auction sale?",
        "deje de trabajar en mayo",
        "cancelar la cita",
        "no me envíe el contrato todavía",
        "no mas de 5 mil",
        "put a stop payment on the check",
        "I will quit in March",
        "Cancel our call tomorrow",
        "no quiero pagar mas",
        "pasta",
        "hasta manana",
        "mándeme un mensaje",
        "no me llame hoy",
        "sí, escríbame",
    ),
    *("I'll stop by the branch around 3", "We stopped at the open house", "does that stop the clock on the lock?", "End of June works"),
    *("What is the end date of the lock", "at the end of the day it's your call", "I'm at the end of my rope lol", "Can we end early"),
    *("My wife quit her job in May", "Do I need a quitclaim deed", "Did the appraisal stop the process", "the train stops near there"),
    *(
        "should I cancel my credit card",
        "cancel the other offer we have",
        "He wants to take his name off the deed",
        "remove my co-borrower",
    ),
    *("delete that document I sent by mistake", "I revoked the listing agreement", "no more than 2000 a month", "unstoppable market"),
    *("Para comprar casa", "es para mi mamá", "Para el lunes está bien", "el interés es muy alto", "alto costo de cierre?"),
    *("vivo en el alto", "pare en la oficina mañana", "la parada de autobus", "no para de subir la tasa", "puede parar por la casa"),
    *("fin de mes está bien", "el fin de semana", "quiero cancelar la tarjeta de crédito", "baja la tasa?", "si la tasa baja me avisa"),
    *(
        "dar de baja el seguro",
        "quitar a mi ex del préstamo",
        "salir del contrato",
        "nomás dígame cuánto",
        "Para revisar el consentimiento",
    ),
)
UNCLEAR = (
    *(
        "stpo",
        "SOTP",
        "st0p",
        "Stpo texting me",
        "stip",
        "plz stpo",
        "cancle",
        "optuot",
        "quti",
        "🛑",
        "🚫🚫",
        "stop pal",
        "Stop Dana",
        "STOP 1",
    ),
    *(
        "not interested",
        "No longer interested, thanks",
        "no me interesa",
        "I am not interested anymore",
        "enough",
        "no more",
        "spam",
        "blocked",
    ),
    *(
        "I never signed up for this",
        "this is harassment",
        "I will report you",
        "I never gave you permission and did not consent",
        "this is spam",
    ),
    *(
        "Why did you stop texting me?",
        "the other lenders won't stop calling me",
        "don't call me, text me",
        "No calls, text only",
        "please stop emailing me",
    ),
    *(
        "Don't text me at work",
        "do not contact me until January",
        "stop texting me after 9pm",
        "don't text me right now",
        "I need to cancel",
    ),
    *(
        "opt out of the survey",
        "reply stop to what?",
        "you can stop now",
        "this has to stop",
        "cancel my request",
        "I quit",
        "I don't text and drive",
    ),
    *(
        "I'm deaf, don't call me, text me",
        "Don't call me. Text only.",
        "dont call just text",
        "No llamadas por favor, solo texto",
        "stfu",
        "Please hold off on texting me until Monday",
        "you keep texting me, knock it off",
        "Enough already!",
        "cancel it",
        "Stop lying",
        "not interested right now, maybe in spring",
        "If you text me again I'm calling the FCC",
        "who tf is this stop",
        "ya no quiero",
        "para",
        "I'd rather not text",
        "email only please",
        "I never asked for this",
        "quiero cancelar",
        *("You have somebody else's phone", "you keep texting someone else's number", "This is someone else's cell"),
        *("I'm not her", "This isn't him, sorry", "No soy ella", "no soy la persona que busca", "se equivocó", "Creo que se equivoca"),
        "Reply STOP to opt out",
        "end conversation",
        "What happens if I text STOP?",
        "no quiero nada, gracias",
        "Oh stop",
        "no me escriba hasta manana",
        "ya no me interesa",
        "wait, stop, wrong file",
        "no me llame, mejor mande mensaje",
        "I want this to stop",
    ),
)
WRONG_NUMBERS = (
    *(
        "wrong number",
        "Wrong number!",
        "Sorry, wrong number",
        "You have the wrong number",
        "wrong person",
        "u got the wrong guy",
        "Wrong #, wrong number",
    ),
    *(
        "there is no one here by that name",
        "numero equivocado",
        "Número equivocado, disculpe",
        "se equivocó de número",
        "nobody by that name",
        "I'm not the person you're looking for",
        "Dana doesn't have this number anymore",
        "numero incorrecto",
        "This is not her phone",
        "Se equivoca de número",
        "te equivocaste de teléfono",
    ),
)
NOT_DANA = (
    *(
        "I am not Dana, you have somebody else's phone",
        "this isn't Dana",
        "I'm not Dana.",
        "Sorry, this is not Dana",
        "not Dana",
        "NOT DANA!",
    ),
    *("This is not Dana's phone", "There is no Dana here", "nobody here called Dana", "I don't know any Dana", "I do not know who Dana is"),
    *("No soy Dana", "yo no soy Dana, disculpe", "No es Dana", "no conozco a ninguna Dana", "este no es el teléfono de Dana"),
)
DANA_HERSELF = (
    *("I am not sure", "I'm not ready yet", "I am not home", "this isn't urgent", "I'm not, Dana", "I am not - Dana", "I don't know, Dana"),
    *("It's Diana, not Dana", "I'm not Dana's husband, I am her son", "This is Dana", "no soy ciudadana", "No soy veterano", "No sé, Dana"),
)
ABOUT_ANOTHER_NUMBER = ("I gave you the wrong number for my income", "oops I typed the wrong phone", "wrong number of bedrooms")
STARTS = ("START", "start", "UNSTOP", "Start please", "unstop!")
CALLS_FOR_HELP = ("HELP", "help!", "INFO", "Ayuda", "help please")

TABLE = {
    **dict.fromkeys((*STOPS, *STOPS_NOT_FORESEEN, *STOPS_OF_A_SECOND_COLLECTION), Wish.STOP),
    **dict.fromkeys((*NOT_ABOUT_TEXTS, *ABOUT_ANOTHER_NUMBER), Wish.NONE),
    **dict.fromkeys(UNCLEAR, Wish.UNCLEAR),
    **dict.fromkeys(WRONG_NUMBERS, Wish.WRONG_NUMBER),
    **dict.fromkeys(STARTS, Wish.START),
    **dict.fromkeys(CALLS_FOR_HELP, Wish.HELP),
}
REACTIONS = tuple(text for text in TABLE if "“" in text or '"' in text)
WORDINGS = st.sampled_from(sorted(text for text in TABLE if text.strip() and text not in REACTIONS))


@pytest.mark.fault(51)
def test_every_wording_of_the_table_is_read_as_it_is_meant() -> None:
    assert {text: read_wish(text) for text in TABLE} == TABLE


def test_the_table_is_as_long_as_promised_and_says_nothing_twice() -> None:
    assert len(STOPS) >= 60 and len(NOT_ABOUT_TEXTS) >= 40
    assert len(TABLE) == sum(
        map(
            len,
            (
                *(STOPS, STOPS_NOT_FORESEEN, STOPS_OF_A_SECOND_COLLECTION, NOT_ABOUT_TEXTS, ABOUT_ANOTHER_NUMBER),
                *(UNCLEAR, WRONG_NUMBERS, STARTS, CALLS_FOR_HELP),
            ),
        )
    )


@pytest.mark.fault(51)
def test_whoever_is_not_the_one_we_write_to_is_asked_about_and_who_only_is_not_something_is_not() -> None:
    read = {text: read_wish(text, ["Dana Marie Rowe"]) for text in (*NOT_DANA, *DANA_HERSELF)}
    assert read == dict.fromkeys(NOT_DANA, Wish.UNCLEAR) | dict.fromkeys(DANA_HERSELF, Wish.NONE)
    assert read_wish("not interested, and not Dana", ["Dana"]) is Wish.UNCLEAR and read_wish("Not Dana. STOP", ["Dana"]) is Wish.STOP


@given(st.text(max_size=400), st.lists(st.text(max_size=20), max_size=3))
def test_a_name_makes_no_wish_of_its_own_but_a_question(text: str, names: list[str]) -> None:
    assert read_wish(text, names) in (read_wish(text), Wish.UNCLEAR)


@given(st.text(max_size=1600))
def test_any_text_gets_an_answer(text: str) -> None:
    assert read_wish(text) in Wish


@given(WORDINGS, st.text(' \t\n.!?*~"\u00a0\u200b\u2060😀🙏', max_size=6), st.text(' \t\n.!?*~"\u00a0\u200b\u2060😀🙏', max_size=6))
@pytest.mark.fault(51)
def test_space_punctuation_and_emoji_around_the_words_change_nothing(text: str, before: str, after: str) -> None:
    assert read_wish(f"{before} {text} {after}") == TABLE[text]


@given(WORDINGS)
def test_capitals_change_nothing(text: str) -> None:
    assert read_wish(text.upper()) == read_wish(text.title()) == read_wish(text.lower()) == TABLE[text]


# Who refuses calls and elsewhere asks for texts is asked back, and so is "no contact" among other words: those sentences are left out.
ALL_STOPS = (*STOPS, *STOPS_NOT_FORESEEN, *STOPS_OF_A_SECOND_COLLECTION)
CLEAR_SENTENCES = [text for text in ALL_STOPS if len(text.split()) > 2 and not re.search("call|llam|no contact", text.lower())]


def test_no_contact_is_a_stop_alone_and_asked_about_among_other_words() -> None:
    assert read_wish("No contact please") is Wish.STOP
    assert read_wish("No contact please. 78704") is Wish.UNCLEAR


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(sorted(TABLE)), max_size=8),
    st.sampled_from(CLEAR_SENTENCES),
    st.lists(st.sampled_from(sorted(TABLE)), max_size=8),
)
def test_a_clear_sentence_is_a_stop_whatever_stands_around_it(before: list[str], text: str, after: list[str]) -> None:
    assert read_wish(". ".join([*before, text, *after])) is Wish.STOP


def test_a_stop_at_the_end_of_a_very_long_text_is_heard() -> None:
    assert read_wish("We like the house and the yard. " * 49 + "Please stop texting me") is Wish.STOP


@pytest.mark.parametrize(
    "text", ["stop " * 320, "dont call me " * 120, "remove my name " * 100, "a b " * 400, "no me llame " * 130, "s." * 800]
)
@pytest.mark.fault(77)
def test_no_text_of_1600_characters_takes_longer_than_a_blink(text: str) -> None:
    assert min(timeit.repeat(lambda: read_wish(text), timer=time.process_time, number=1, repeat=3)) < 0.1
