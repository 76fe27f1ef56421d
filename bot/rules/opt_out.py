"""What a borrower's words ask of our texting: to stop, to start again, for help, or nothing of the kind, in English and Spanish."""

import re
import unicodedata
from enum import StrEnum

from rapidfuzz.distance import OSA

from bot.rules.text import clean


class Wish(StrEnum):
    """STOP is certain. UNCLEAR may be a stop: automation is held until a person has looked. WRONG_NUMBER is somebody else's phone."""

    STOP = "stop"
    UNCLEAR = "unclear"
    WRONG_NUMBER = "wrong_number"
    START = "start"
    HELP = "help"
    NONE = "none"


_STRONGEST_FIRST = (Wish.STOP, Wish.WRONG_NUMBER, Wish.UNCLEAR, Wish.START, Wish.HELP)

# Twilio's defaults on long codes and the words that 47 CFR 64.1200(a)(10) names, then what Spanish speakers send for them.
# END, QUIT and CANCEL also begin ordinary answers, so they have to be all that is said.
_STOP = {
    *("stop", "stopall", "stop all", "unsubscribe", "revoke", "optout", "opt out", "opt me out", "remove", "cease", "desist"),
    *("stop it", "stop this", "stop that", "f off", "go away", "unsub", "un subscribe", "dnc", "but stop"),
}
_STOP_ALONE = {"end", "end all", "quit", "cancel", "no contact"}
_ALTO = {
    *("alto", "pare", "paren", "parar", "parale", "parenle", "basta", "no mas", "detener", "detente", "detenganse", "baja"),
    *("desuscribir", "desuscribirme", "desuscribirse"),
}
_ALTO_ALONE = {"cancelar", "cancele", "cancelen", "terminar"}
_KEYWORDS = {
    **dict.fromkeys(_STOP | _STOP_ALONE | _ALTO | _ALTO_ALONE, Wish.STOP),
    **dict.fromkeys(("start", "unstop"), Wish.START),  # YES too lifts a carrier's block, but here it is an answer
    **dict.fromkeys(("help", "help me", "info", "ayuda"), Wish.HELP),
    **dict.fromkeys(("no more", "enough", "delete", "cancel that", "cancel it", "quit it", "mute", "unfollow", "blocked"), Wish.UNCLEAR),
    **dict.fromkeys(("spam", "scam", "stfu", "screw you", "para", "fin", "salir", "no quiero", "no quiero nada"), Wish.UNCLEAR),
    **dict.fromkeys(("wrong", "equivocado", "equivocada"), Wish.WRONG_NUMBER),
}
_SIGNS = frozenset("🛑⛔🚫✋🖕")  # alone they may well mean it

_POLITE = {  # may stand around a keyword
    *("thanks", "thx", "ty", "sir", "maam", "immediately", "asap", "now", "already", "ok", "okay", "hi", "hello", "hey"),
    *("ugh", "gracias", "hola", "ya"),
}
_NOISE = {  # may stand anywhere and changes nothing
    *("please", "pls", "plz", "plse", "pleas", "kindly", "just", "ever", "even", "really", "fucking", "freaking", "damn"),
    *("favor", "por", "porfavor", "porfa"),
}
_SHORT_FOR = {
    **{"u": "you", "ur": "your", "txt": "text", "txts": "texts", "txting": "texting", "msg": "message", "msgs": "messages"},
    **{"msging": "messaging", "dnt": "dont", "donot": "dont", "wanna": "want", "nunca": "no", "jamas": "no"},
}

_TEXT = (
    "text|message|sms|write|contact|bother|harass|spam|bug|annoy|pester|solicit|disturb|reach out|communicate|hit me up|blow up my phone"
)
_CALL = "call|phone|ring|dial"
_TEXTING = (
    "texting|messaging|writing|contacting|sending|bothering|harassing|spamming|bugging|annoying|pestering|soliciting|reaching out"
    "|communicating|following up|checking in|hitting me up|blowing up my phone|blowing me up|contact"
)
_TEXTS = "texts?|messages?|sms|contact|communications?|notifications?|spam|spamming|alerts?|marketing|solicitations?|texting|messaging"
_MENSAJES = "mensajes?|mensajitos?|textos?|msjs?|sms|llamadas?|publicidad|propaganda|comunicaciones"
_PERIOD = (
    r"(?:before|after) (?:\d|noon|work|hours|dark)|until|till|at work|at night|so (?:early|late)|during|between|on (?:week|sun|satur)\w+"
)
_LATER = rf"(?:{_PERIOD}|before|after|today|tonight|tomorrow|right now|now|yet|while|this (?:week|morning|afternoon|evening)|when|unless)"
_MAS_TARDE = r"(?:antes|despues|hasta|hoy|manana|ahora|todavia|aun|mientras|cuando|en el trabajo|de noche|tan)"
_OF_THE_LOAN = (
    "loan|mortgage|title|deed|note|lease|contract|application|account|escrow|impounds?|pmi|mip|insurance|hold|will|policy|trust|bill|lock"
)
_AT_ME = (
    r"(?:$|any|(?:me|us|this|here|back|again|call|email|instead|more|to me|my (?:phone|cell|number|line)|or|and|at all|no more|list)\b)"
)

_RULES: tuple[tuple[Wish, str], ...] = (
    # Tried in this order on each sentence. What fits is heard and taken out of it, so exceptions stand before what they are exceptions to.
    # A NONE explains its words away: they cannot be part of a later match.
    # Not their texts: other people's calls, what is asked, what is told of, the loan itself.
    (Wish.UNCLEAR, rf"\b(?:did|didnt|have|has|had|if) you stop(?:ped)? (?:{_TEXTING}|calling)\b"),
    (
        Wish.UNCLEAR,
        r"\b(?:they|them|everyone|everybody|lenders?|banks?|companies|brokers?|realtors?|he|she|him|her)\b"
        rf"(?: \w+){{0,4}} (?:stop|quit) (?:{_TEXTING}|calling)\b",
    ),
    (Wish.UNCLEAR, r"\b(?:reply|text|send) stop to\b.*|\bend (?:this |the )?(?:conversation|chat)\b"),
    (Wish.UNCLEAR, r"\b(?:you|they) (?:dont|never) stop\b"),
    (Wish.NONE, r"\b(?:dont|never) (?:\w+ )?stop\b"),
    (Wish.UNCLEAR, rf"\b(?:stop|quit) (?:{_TEXTING}|calling)\b.*\b(?:{_PERIOD})"),
    (Wish.UNCLEAR, r"\b(?:stop|quit) (?:emailing|emails)\b"),
    (Wish.UNCLEAR, rf"\b(?:hold off|wait|pause|slow down)(?: \w+){{0,2}} (?:{_TEXTING}|{_TEXTS})\b"),
    (Wish.STOP, rf"\b(?:stop|quit) (?:receiving|getting) (?:(?:all|any|the|these|this|your) )*(?:{_TEXTS}|calls)\b"),
    (Wish.STOP, rf"\b(?:stop|quit|cease) (?:with )?(?:\w+ )?(?:all |the |these |any )*(?:{_TEXTING}|calling|phoning|ringing)\b"),
    (Wish.STOP, rf"\b(?:stop|cease|end|cancel|block|discontinue) (?:(?:all|any|the|these|this|your|my|it|with|of) )*(?:{_TEXTS}|calls)\b"),
    (Wish.STOP, r"\b(?:cancel|end) (?:my |the |this |all )*(?:subscriptions?|everything|communication)\b|\bcease and desist\b"),
    (Wish.NONE, r"^(?:where|when|how|what time) (?:do|did|does|will|would|should) (?:i|we|it|you|they) stop$"),
    (
        Wish.STOP,
        r"\b(?:you|said|i say|you guys) stop(?: now| it| this| that| already)?$"
        r"|\byou (?:guys |people |all )?(?:need )?to stop(?: now| it| this| that| already)?$|\bmake (?:it|this|them) stop$",
    ),
    (Wish.UNCLEAR, r"\bcancel (?:my |the |this )?(?:request|inquiry|enquiry|application|quote|account|services?)\b"),
    # Told not to.
    (Wish.STOP, rf"\bnot to (?:{_TEXT}|{_CALL})(?:$| {_AT_ME})|\bno need to (?:{_TEXT}|{_CALL})\b.*\b(?:again|any ?more)\b"),
    (Wish.NONE, rf"\b(?:if|why) (?:you |i |they )?(?:dont|never) (?:you )?(?:{_TEXT}|{_CALL}|send)\b"),
    (Wish.NONE, rf"\b(?:dont|never) (?:{_TEXT}|{_CALL}) (?:my|our) (?!phone|cell|number|line)"),
    (Wish.STOP, rf"\b(?:dont|never) (?:you )?(?:{_TEXT}|{_CALL}|send)\b.*\b(?:again|any ?more)\b"),
    (Wish.UNCLEAR, rf"\b(?:i|we|you|they|people) (?:dont|never) (?:{_TEXT}|{_CALL})\b"),
    (Wish.NONE, rf"\b(?:dont|never) (?:{_CALL})\b(?! or| and| list)(?: \w+)*? {_LATER}\b"),
    (Wish.UNCLEAR, rf"\b(?:dont|never) (?:{_TEXT})\b(?: \w+)*? {_LATER}\b"),
    (Wish.STOP, rf"\b(?:dont|never) (?:you )?(?:{_TEXT}|{_CALL}) {_AT_ME}|\b(?:dont|never) (?:{_TEXT}|{_CALL})$"),
    (Wish.STOP, rf"\b(?:dont|never) (?:you )?send (?:me |us )?(?:any|more|another|these|those|{_TEXTS})|\bdont send me$"),
    (Wish.UNCLEAR, rf"\bdont (?:{_TEXT})\b"),
    # Does not want.
    (
        Wish.STOP,
        r"\b(?:dont|didnt|no longer|not) (?:want|wish|like|care|need|interested)(?: to| in)?"
        r"(?: (?:be|get|receive|getting|receiving|see|hear|hearing))?"
        rf" (?:(?:any|more|your|these|the|all|of|anymore|no|further) )*(?:{_TEXTS}|calls|texted|messaged|contacted|called|from you)\b",
    ),
    (Wish.STOP, r"\bdont want to (?:receive|hear) any\w*\b"),
    (Wish.STOP, rf"\bdont want (?:you|yall|you guys|anyone|anybody|people) (?:to )?(?:{_TEXT}|{_CALL}|send|texting|calling)\b"),
    (
        Wish.STOP,
        rf"\bno (?:more|further) (?:{_TEXTS}|calls|follow ?ups?)\b"
        r"|^(?:hi |hello |ok |sorry )?no (?:texts|texting|messages|calls|sms|spam)\b"
        r"|^(?:hi |hello |ok |sorry )?no text\b(?! yet| from| received| came| so)",
    ),
    (
        Wish.STOP,
        r"\b(?:leave (?:me|us) (?:alone|be)|go away|f(?:uck)? off|piss off|buzz off|get lost|(?:lose|forget) (?:my|this) number)\b",
    ),
    (Wish.STOP, r"\bleave (?:me|us) the \w+ alone\b"),
    (Wish.STOP, r"\b(?:im|i am|i will|ill|going to|gonna|will be) (?:block|blocking) (?:you|this|your)\b"),
    # Lists and consent.
    (
        Wish.NONE,
        rf"\b(?:remove|take|get|opt) (?:me |my name )?(?:off|from|out) (?:of )?(?:the |my |this |our )?(?:{_OF_THE_LOAN})\b",
    ),
    (
        Wish.STOP,
        r"\b(?:remove|take|delete|drop|get|erase) (?:me|us|my (?:phone |contact )?(?:number|name|info\w*|contact)|this number|number)"
        r"(?:$| (?:off|out)$| (?:off |out )?(?:now|and|or|asap|thanks|thank|thx)\b"
        r"| (?:off|from|out) (?:of )?(?:\w+ ){0,2}(?:lists?|database|system|texts?|messages?|contacts?|records?|marketing|this|it)\b)",
    ),
    (
        Wish.STOP,
        r"\b(?:off|want out) (?:of )?(?:this|your|the|all|any) (?:\w+ ){0,2}lists?\b"
        r"|\bto be (?:removed|unsubscribed|taken off|left alone)\b",
    ),
    (Wish.UNCLEAR, r"\b(?:remove|take|delete|erase) (?:me|it|my (?:number|name|info|information)|this number)\b"),
    (Wish.STOP, r"\b(?:dont|not|no) call (?:list|registry)\b|\bdont contact list\b|\b(?:on|to) (?:the |your )?(?:dnc|dont call)\b"),
    (Wish.STOP, r"\bunsubscribe(?:d)?\b"),
    (
        Wish.UNCLEAR,
        r"\bopt(?:ing|ed)? out of (?:(?:the|your|my|our|this|these|those|all|any|of) )*+"
        r"(?!all|any|this|these|it\b|every|text|message|sms|call|market|communic|notif|alert|contact|receiv|get)\w+",
    ),
    (Wish.STOP, r"\b(?:opt(?:ing|ed)? (?:me )?out|optout)\b(?! (?:to|or|means))"),
    (
        Wish.STOP,
        rf"\b(?:dont|never|not|didnt) (?:\w+ )?(?:consent|agree|authorize)(?:ed|d)? to (?:\w+ )?(?:{_TEXTS}|{_TEXTING}|being \w+)\b",
    ),
    (Wish.STOP, r"\b(?:revoke|revoking|withdraw|withdrawing|rescind) (?:\w+ ){0,3}(?:consent|permission|authorization)\b"),
    (Wish.STOP, r"\b(?:consent|permission) (?:is |was |has been )?(?:revoked|withdrawn)\b"),
    # The same in Spanish.
    (
        Wish.STOP,
        r"\b(?:deja|deje|dejen|dejar|dejame|dejeme|dejenme|dejenos|para|pare|paren|parar) (?:ya )?de (?:estar )?"
        r"(?:mand|envi|escrib|llam|molest|text|contact|fastidi|acos|busc|marc|joder)\w*",
    ),
    (Wish.STOP, r"\b(?:dejame|dejeme|dejenme|dejenos|dejarme) (?:ya )?(?:en paz|tranquil[oa])\b"),
    (Wish.NONE, rf"\bno (?:me|nos) (?:llame[ns]?|marque[ns]?)\b(?: \w+)*? {_MAS_TARDE}\b"),
    (Wish.UNCLEAR, rf"\bno (?:me|nos) (?:escriba[ns]?|textee[ns]?|contacte[ns]?)\b(?: \w+)*? {_MAS_TARDE}\b"),
    (
        Wish.STOP,
        r"\bno (?:me|nos) (?:vuelva[ns]? a |siga[ns]? |este[ns]? )?"
        r"(?:escrib(?:a[ns]?|ir|iendo)|llam(?:e[ns]?|ar|ando)|contact(?:e[ns]?|ar|ando)|molest(?:e[ns]?|ar|ando)"
        r"|text(?:ee[ns]?|ear|eando)|marque[ns]?|busque[ns]?|moleste[ns]?)\b",
    ),
    (
        Wish.STOP,
        rf"\bno (?:me |nos )?(?:vuelva[ns]? a |siga[ns]? |este[ns]? )?(?:mand|envi)\w+"
        rf" (?:ya |mas |ningun |estos |esos )*(?:{_MENSAJES}|nada|mas)\b",
    ),
    (
        Wish.STOP,
        r"^(?:ya )?no (?:me )?(?:manden|envien|mandes|envies|mande|envie|escriban|llamen|escriba|llame|molest[ae]n?|contacten)(?: mas)?$",
    ),
    (
        Wish.STOP,
        r"\bno (?:quiero|deseo|queremos|quisiera|necesito|autorizo|acepto)"
        rf" (?:ya |mas |recibir |sus |estos |tus |que me manden )*(?:{_MENSAJES})\b",
    ),
    (
        Wish.STOP,
        r"\bno (?:quiero|deseo|queremos|autorizo|acepto) (?:ya )?(?:mas )?que (?:me|nos) (?:escrib|llam|contact|molest|mand|envi|text)\w+",
    ),
    (Wish.STOP, r"^no (?:molestar|contactar|llamar|escribir|textear)\b"),
    (Wish.STOP, r"\bno (?:quiero|deseo) (?:ser |que me )(?:contactad|molestad|llamad)\w+"),
    (Wish.STOP, r"\bno (?:me |nos )?vuelva[ns]? a (?:llam|escrib|contact|molest|text|mand|envi|marc)\w+"),
    (
        Wish.STOP,
        r"\b(?:alto|basta|stop|detenga[ns]?|detener|pare[ns]?|parar|suspenda[ns]?|cancele[ns]?|cancelar)"
        rf" (?:ya |de |con |los |las |estos |sus |mis |mi |la |todos )*(?:{_MENSAJES}|suscripcion)\b",
    ),
    (Wish.STOP, rf"\bno mas (?:{_MENSAJES})\b|^no (?:mensajes|textos|llamadas)\b"),
    (
        Wish.STOP,
        r"\b(?:quit|saqu|borr|elimin|remuev)\w* (?:me |ya )?(?:mi (?:numero|nombre|telefono)|de (?:\w+ ){0,2}(?:listas?|sistema))\b"
        r"|\b(?:quitenme|quiteme|quitame|saquenme|saqueme|borrenme|borreme|borrame|eliminenme)\b",
    ),
    (Wish.NONE, r"\bde baja (?:el|la|los|las|mi|mis|al) (?:seguro|cuenta|tarjeta|poliza|hipoteca|prestamo|linea|servicio|carro)s?\b"),
    (Wish.STOP, r"\b(?:dar|darme|denme|deme|dame|darnos|(?:me|nos) den?) (?:me )?de baja\b"),
    (Wish.STOP, r"\b(?:revoco|revocar|retiro|retirar|cancelo) (?:\w+ ){0,2}(?:consentimiento|permiso|autorizacion)\b"),
    # May be a stop.
    (Wish.UNCLEAR, r"\b(?:not|no longer|isnt|arent|never) (?:at all )?interested\b"),
    (Wish.UNCLEAR, r"\bno (?:me|nos) interesa\b|\bno (?:estoy|estamos) interesad|\bquiero cancelar$"),
    (Wish.UNCLEAR, r"\brather not text\b|\bemail only\b|\binstead of text|\bnever asked for (?:this|these|it)\b"),
    (Wish.UNCLEAR, r"\b(?:report|reporting|sue|suing|blocking) (?:you|this|your)\b"),
    (Wish.UNCLEAR, r"\b(?:harassment|harassing|harassed|acoso)\b|\bthis is (?:a )?(?:spam|scam)\b"),
    (
        Wish.UNCLEAR,
        r"\byou keep (?:texting|calling|messaging|sending|contacting)\b|\bknock it off\b|\bcut it out\b|\b(?:tcpa|fcc|lawsuit)\b",
    ),
    (Wish.UNCLEAR, r"\bif (?:you|i) (?:\w+ ){0,2}(?:text|call|contact|message)\w* (?:me )?again\b|\bnext text\b"),
    (
        Wish.UNCLEAR,
        r"\b(?:dont|never|not|didnt) (?:\w+ )?(?:consent|consented|agreed? to (?:be|this|these)|sign(?:ed)? up)\b|\bdont need your\b",
    ),
    # Somebody else's phone.
    (Wish.NONE, r"\b(?:i|we) (?:\w+ ){0,3}(?:the |a )?wrong (?:number|phone)\b|\bwrong (?:number|phone) (?:for|of|on|in|to)\b"),
    (Wish.WRONG_NUMBER, r"\bwrong (?:number|phone|person|guy|man|woman|lady|cell)\b|\bnot the right (?:number|person)\b"),
    (
        Wish.WRONG_NUMBER,
        r"\byou (?:have|got|texted) the wrong\b|\bnot the (?:person|one) you\w*|\b(?:isnt|not) (?:his|her|their) (?:number|phone)\b",
    ),
    (Wish.WRONG_NUMBER, r"\b(?:no longer has|doesnt have|dont have) this (?:number|phone)\b"),
    (
        Wish.WRONG_NUMBER,
        r"\b(?:no ?one|nobody) (?:here )?(?:by|with|of) that name\b|\b(?:numero|persona|telefono) (?:equivocad[oa]|incorrect[oa])\b",
    ),
    (
        Wish.WRONG_NUMBER,
        r"\b(?:se )?equivoc(?:o|aron|aste|ado|ada) de (?:numero|persona|telefono)\b|\bnadie (?:con|de) (?:ese|este) nombre\b",
    ),
)
# A keyword inside an ordinary sentence: these say that it is about something else; without them it is UNCLEAR.
_ORDINARY = re.compile(
    r"\bstop (?:by|in|at|over|off|on (?:my|the|our)|to (?:see|pick|get|look|think|sign)|and|for|paying|renting|working|looking|searching"
    r"|signs?|light|loss|pmi|mip|escrow|watch|(?:my |our |the )?(?:\w+ )?payments?"
    r"|the (?:foreclosure|auction|sale|clock|process|bleeding|garnishment)"
    r"|(?:a |my |our )?(?:foreclosure|rent|lease))\b"
    r"|\b(?:bus|truck|pit|rest|next|last|first|one|non|full|train|metro|door|short|quick|each|every|cant|couldnt) stop\b"
    r"|\bquit ?claims?\b|\bquit (?:my|his|her|the|our|smoking|work\w*|drinking|date|rate|notice|school|at|in|on|last|two|because)\b"
    r"|\b(?:he|she|who|wife|husband|notice to) quit\b"
    r"|\bcancel (?:my|our|the|that \w+|his|her|on|out|a|an|tomorrows?|todays?|for|at|by|due|before|without|after)\b"
    r"|\b(?:not|cant|cannot) cancel\b"
)
_KEYWORD_INSIDE = re.compile(r"\b(?:stop|stopall|quit|cancel|revoke|basta)\b")

# Who will not be called but asks for texts has not refused them: people are asked.
_REFUSES_CALLS = re.compile(
    r"\b(?:dont|never|no|no more|stop|quit|dont want you to|dont want) (?:calls?|calling|phone|phoning)\b(?! or\b| and\b)"
    r"(?: me\b| us\b)?"
    r"|\bno (?:me |nos |mas )?(?:llame[ns]?|llamadas)\b"
)
_ASKS_FOR_TEXT = re.compile(
    r"(?<!dont )(?<!never )(?<!you )(?<!or )(?<!and )(?<!no )\b(?:text|message|email)(?: me| us)?(?: instead| only| is| works)?$"
    r"|(?<!dont )(?<!never )(?<!you )(?<!or )(?<!and )(?<!no )\b(?:text|message) (?:me|only|is|works|instead)\b"
    r"|\b(?:solo|mejor|mande|mandeme|manden|escrib\w+)(?: \w+){0,2} (?:textos?|mensajes?)\b"
)

# What phones send for a thumb under our own message, which they repeat: 'Liked "... Reply STOP to opt out"'.
_REACTION = re.compile(
    r"(?:liked|loved|disliked|emphasized|laughed at|questioned|reacted \S+ to|removed .{1,20} from|le (?:gust|encant)\S+)"
    r"\s*[“\"«][^“”\"«»]*[”\"»]",
    re.IGNORECASE,
)
_SENTENCE_ENDS = re.compile(r"[.!?;\n…¿¡]+")
_CLAUSE_ENDS = re.compile(r"[,:()\n–—]|\s-|-\s")
_APOSTROPHES = re.compile("['’‘ʼ`´′]")
_SPELLED_OUT = re.compile(r"(?<![a-z0-9])[a-z]([ .\-_*]{1,3})[a-z](?:\1[a-z])+(?![a-z0-9])")
_LONG_DRAWN = re.compile(r"([a-z])\1{2,}")
_DO_NOT = re.compile(r"\bdo not\b")
_WORD = re.compile(r"[a-z0-9]+")
_COMPILED = tuple((wish, re.compile(pattern)) for wish, pattern in _RULES)
_MISSPELLED = ("stop", "stopall", "quit", "cancel", "revoke", "optout")
_WELL_SPELLED = {"shop", "shops", "step", "steps", "quite", "quiet", "suit", "suits"}  # though one letter from a keyword


def read_wish(text: str) -> Wish:
    """What the whole text asks for: the most far-reaching wish of its sentences. A stop that is only nearly spelled is UNCLEAR."""
    text = clean(text)
    if _REACTION.fullmatch(text):
        return Wish.NONE
    plain = _plain(text)
    wish = _read(plain)
    if wish in (Wish.NONE, Wish.START, Wish.HELP) and _read(_WORD.sub(_respelled, plain)) is Wish.STOP:
        return Wish.UNCLEAR
    if wish is Wish.NONE and not _WORD.search(plain) and _SIGNS & set(text):
        return Wish.UNCLEAR
    return wish


def _plain(text: str) -> str:
    """In small letters without accents and apostrophes; "S.T.O.P" and "stoooop" are "stop". Punctuation stays."""
    letters = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).casefold().replace("/", " or ").replace("&", " and ")
    letters = letters.replace("and thank you", "thanks").replace("thank you", "thanks")
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    joined = _SPELLED_OUT.sub(lambda spelled: "".join(_WORD.findall(spelled[0])), letters)
    return _LONG_DRAWN.sub(r"\1", joined)


def _read(plain: str) -> Wish:
    sentences = [words for sentence in _SENTENCE_ENDS.split(plain) if (words := _words(sentence))]
    edges = [words for sentence in _SENTENCE_ENDS.split(plain) for words in _first_and_last_clause(sentence)]
    heard = {_KEYWORDS.get(_without_politeness(_words(plain)), Wish.NONE)}
    if any(_without_politeness(words) in _STOP | _ALTO for words in (*edges, *sentences)):
        heard.add(Wish.STOP)
    said = [_DO_NOT.sub("dont", " ".join(words)) for words in sentences]
    if any(_ASKS_FOR_TEXT.search(sentence) for sentence in said) and any(_REFUSES_CALLS.search(sentence) for sentence in said):
        heard.add(Wish.UNCLEAR)
        said = [_REFUSES_CALLS.sub("|", sentence) for sentence in said]
    heard.update(wish for sentence in said for wish in _wishes(sentence))
    return next((wish for wish in _STRONGEST_FIRST if wish in heard), Wish.NONE)


def _first_and_last_clause(sentence: str) -> list[list[str]]:
    clauses = [words for clause in _CLAUSE_ENDS.split(sentence) if (words := _words(clause))]
    return [clauses[0], clauses[-1]] if clauses else []


def _wishes(sentence: str) -> set[Wish]:
    heard: set[Wish] = set()
    for wish, pattern in _COMPILED:
        sentence, found = pattern.subn("|", sentence)
        if found:
            heard.add(wish)
    if _KEYWORD_INSIDE.search(_ORDINARY.sub("|", sentence)):
        heard.add(Wish.UNCLEAR)
    return heard


def _words(text: str) -> list[str]:
    words = [_SHORT_FOR.get(word, word) for word in _WORD.findall(text) if word not in _NOISE]
    return ["unsubscribe" if word.startswith("uns") and OSA.distance(word, "unsubscribe") <= 3 else word for word in words]


def _without_politeness(words: list[str]) -> str:
    """The words without please and thanks, and said once: "stop stop please" is "stop"."""
    said = [word for word in words if word not in _POLITE]
    return said[0] if said and set(said) == {said[0]} else " ".join(said)


def _respelled(word: re.Match[str]) -> str:
    if len(word[0]) < 3 or word[0] in _WELL_SPELLED:
        return word[0]
    return next((keyword for keyword in _MISSPELLED if OSA.distance(word[0], keyword) == 1), word[0])
