"""What a borrower's words ask of our texting: to stop, to start again, for help, or nothing of the kind, in English and Spanish."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

from rapidfuzz.distance import OSA

from bot.rules.text import clean

MOST_READ = 2000
"""Characters of an email in which somebody says that they want no more; no text is longer."""


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
    *("stop it", "stop this", "stop that", "f off", "go away", "unsub", "un sub", "un subscribe", "dnc", "dnc list", "but stop"),
    *("unenroll", "unenroll me", "discontinue", "remove from list", "take off list", "off list"),
}
_STOP_ALONE = {"end", "end all", "quit", "cancel", "no contact"}
_ALTO = {
    *("alto", "pare", "paren", "parar", "parale", "parenle", "basta", "no mas", "detener", "detente", "detenganse", "baja", "parele"),
    *("desuscribir", "desuscribirme", "desuscribirse", "unsuscribirme", "eliminame", "eliminarme", "remuevanme", "remuevame"),
}
_ALTO_ALONE = {"cancelar", "cancele", "cancelen", "terminar"}
_KEYWORDS = {
    **dict.fromkeys(_STOP | _STOP_ALONE | _ALTO | _ALTO_ALONE, Wish.STOP),
    **dict.fromkeys(("start", "unstop"), Wish.START),  # YES too lifts a carrier's block, but here it is an answer
    **dict.fromkeys(("help", "help me", "info", "ayuda"), Wish.HELP),
    **dict.fromkeys(
        ("no more", "enough", "halt", "stop2end", "delete", "cancel that", "cancel it", "quit it", "mute", "unfollow", "blocked"),
        Wish.UNCLEAR,
    ),
    **dict.fromkeys(("spam", "scam", "stfu", "screw you", "fk off", "foff", "f you", "shut up", "block me", "mute me"), Wish.UNCLEAR),
    **dict.fromkeys(
        (
            "i want out",
            "out",
            "enough is enough",
            "turn these off",
            "deactivate",
            "delete my data",
            "delete this contact",
            "reported",
            "reported as spam",
            "this is illegal",
        ),
        Wish.UNCLEAR,
    ),
    **dict.fromkeys(("para", "fin", "salir", "no quiero", "no quiero nada", "eliminar", "remover", "cancela", "arret"), Wish.UNCLEAR),
    **dict.fromkeys(("wrong", "equivocado", "equivocada"), Wish.WRONG_NUMBER),
}
_SIGNS = frozenset("🛑⛔🚫✋🖕")  # alone they may well mean it, and beside a word as in "no 🛑"
_WORDS_BESIDE_A_SIGN = 1

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
    **{"textin": "texting", "messagin": "messaging", "callin": "calling", "sendin": "sending", "botherin": "bothering"},
    **{"buggin": "bugging", "spammin": "spamming", "contactin": "contacting"},
}

_TEXT = (
    "text|message|sms|write|contact|bother|harass|spam|bug|annoy|pester|solicit|disturb|reach out|communicate|hit me up|blow up my phone"
)
_CALL = "call|phone|ring|dial"
_TEXTING = (
    "texting|messaging|writing|contacting"
    r"|sending(?=$| (?:me|us)\b| (?:this|that|it|stuff)$"
    r"| (?:(?:any|more|so many|all|the|these|those|your) )*(?:texts?|messages?|sms|spam|ads|offers)\b)"
    "|bothering|harassing|spamming|bugging|annoying|pestering|soliciting|reaching out"
    "|communicating|following up|checking in|hitting me up|blowing up my phone|blowing my phone up|blowing me up|contact"
)
_TEXTS = "texts?|messages?|sms|contact|communications?|notifications?|spam|spamming|alerts?|marketing|solicitations?|texting|messaging"
_NO_MANDE = r"(?:(?:vuelva[ns]? a|siga[ns]?|este[ns]?) )?(?:mand|envi)(?:e[ns]?|es|ar(?:me)?|ando(?:me)?)"
_MENSAJES = "mensajes?|mensajitos?|textos?|msjs?|sms|llamadas?|publicidad|propaganda|comunicaciones"
_PERIOD = (
    r"(?:before|after) (?:\d|noon|work|hours|dark)|until|till|at work|at night|so (?:early|late)|during|between|on (?:week|sun|satur)\w+"
)
_PAPERS = "pdfs?|docs?|documents?|forms?|disclosures?|files?|paper\\w*|invoices?|payments?|checks?|faxe?s|letters?"
_OTHERS = "(?:(?:all|any|these|those|the|so many|of) )*(?:others?|another|everyone|everybody|lenders?|banks?|brokers?|companies|people)"
_LATER = rf"(?:{_PERIOD}|before|after|today|tonight|tomorrow|right now|now|yet|while|this (?:week|morning|afternoon|evening)|when|unless)"
_MAS_TARDE = r"(?:antes|despues|hasta|hoy|manana|ahora|todavia|aun|mientras|cuando|en el trabajo|de noche|tan)"
_OF_THE_LOAN = (
    "loan|mortgage|title|deed|note|lien|hoa|house|property|chain|lease|contract|application|account|escrow|impounds?|pmi|mip|insurance"
    "|hold|will|policy|trust|bill|lock"
)
_ME = r"me|us|(?:my|our) (?:\w+ )?(?:number|name|info\w*|contact|cell|phone)|this (?:\w+ )?number|number"
_FROM_A_LIST = r" (?:from|off) (?:of )?(?:\w+ ){0,3}lists?\b"
_ALL_OF_THEM = "(?:all|any|and|the|these|this|your|my|it|with|of|auto|automated|automatic|annoying|unwanted|other)"
_AT_ONCE = "now|asap|thanks|thank|thx"
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
    (Wish.UNCLEAR, rf"\b(?:calls|calling|texts|texting|messages|contacted|called|texted) (?:me |us )?(?:from|by) {_OTHERS}\b"),
    (Wish.UNCLEAR, r"\b(?:stop|quit) \w+(?:ors|ers|ies) (?:from )?(?:call|text|messag|contact)ing\b"),
    (Wish.UNCLEAR, r"^no contact$"),  # alone it is a stop; among other sentences it may tell of somebody else
    (Wish.NONE, rf"\bdont send (?:me |us )?(?:\w+ ){{0,2}}(?:{_PAPERS})\b(?! or\b| and\b)"),
    (Wish.UNCLEAR, r"\b(?:stop|quit) (?:send|sending)(?! (?:me )?(?:texts?|messages?|sms))(?: \w+){0,4}?" rf" (?:{_PAPERS})\b"),
    (Wish.UNCLEAR, r"\b(?:told|asked|tell|ask) (?:them|him|her|(?:the|my|our|his) \w+) (?:not to|to stop|to quit)\b(?: \w+)*"),
    (Wish.NONE, rf"\b(?:ill|i will|we will|i should|i better|let me) (?:just )?(?:stop|quit) (?:{_TEXTING}|calling)\b"),
    (Wish.UNCLEAR, r"\b(?:keep|continue) (?:texting|messaging)(?: me)?$|\b(?:dont|not) contact me by (?:e?mail|phone|letter)\b"),
    (
        Wish.UNCLEAR,
        r"\bremove (?:my|our|his|her) (?:(?!number|phone|cell|name)\w+ ){1,3}"
        r"from (?:all |the |your |any )*(?:texts?|messages?|communications?)\b",
    ),
    (Wish.UNCLEAR, r"\b(?:reply|text|send) stop to\b.*|\bend (?:this |the )?(?:conversation|chat)\b"),
    (Wish.UNCLEAR, r"\b(?:you|they) (?:dont|never) stop\b"),
    (Wish.NONE, r"\b(?:dont|never) (?:\w+ )?stop\b"),
    (Wish.UNCLEAR, rf"\b(?:stop|quit) (?:{_TEXTING}|calling)\b.*\b(?:{_PERIOD})"),
    (Wish.UNCLEAR, rf"\b(?:end|cancel) (?:the |all )*(?:{_TEXTS}|calls) (?:at|by|for|from|on)\b"),
    (Wish.STOP, rf"\b(?:stop|quit) \w+ing (?:and|or) (?:{_TEXTING})\b"),
    (Wish.UNCLEAR, r"\b(?:stop|quit) (?:emailing|emails)\b"),
    (
        Wish.UNCLEAR,
        r"\b(?:no (?:more|further)|unwanted|enough) (?:(?:of|your|these|the) )*e ?mails?\b|\b(?:dont|never) e ?mail (?:me|us)\b"
        rf"(?! (?:yet|{_LATER})\b)|\bdont (?:want|send)(?: me| us| to get| to receive)? (?:(?:any|more|your|these|the) )*e ?mails?\b"
        r"|^(?:i )?dont want (?:these|this|any of (?:it|this|these))$|^no (?:quiero )?mas (?:correos|emails)\b|\bno (?:me |nos )?"
        r"(?:mande[ns]?|envie[ns]?) (?:mas )?(?:correos|emails)\b",
    ),
    (Wish.STOP, rf"\b(?:stop|quit) (?:it )?(?:with|w) (?:the|these|your|all) (?:{_TEXTS})\b"),
    (Wish.STOP, rf"\b(?:turn|shut|switch) off (?:(?:all|the|these|your|my) )*(?:{_TEXTS})\b"),
    (Wish.STOP, rf"\benough (?:(?:with|of|the|these|your) )*(?:{_TEXTS})$"),
    (Wish.UNCLEAR, rf"\b(?:hold off|wait|pause|slow down)(?: \w+){{0,2}} (?:{_TEXTING}|{_TEXTS})\b"),
    (Wish.STOP, rf"\brefrain from (?:{_TEXTING}|calling)\b|\bdonot(?:call|text|contact|disturb)\b"),
    (Wish.STOP, rf"\b(?:{_TEXTS}) (?:are|is) (?:unwanted|unwelcome|not wanted|not welcome)\b"),
    (Wish.STOP, rf"\byou (?:dont|no longer) have (?:\w+ )?(?:permission|consent) to (?:{_TEXT}|{_CALL})\b"),
    (
        Wish.STOP,
        r"\b(?:told|asked|begged|asking|telling) (?:you|yall|you guys) to stop(?= \w+ times|$| (?:already|now|before|twice)\b)"
        r"|\bwere told to stop$",
    ),
    (Wish.STOP, rf"\b(?:stop|quit) (?:receiving|getting) (?:(?:all|any|the|these|this|your) )*(?:{_TEXTS}|calls)\b"),
    (Wish.STOP, rf"\b(?:stop|quit|cease) (?:with )?(?:\w+ )?(?:all |the |these |any )*(?:{_TEXTING}|calling|phoning|ringing)\b"),
    (Wish.STOP, rf"\b(?:stop|cease|end|cancel|block|discontinue) (?:{_ALL_OF_THEM} )*(?:{_TEXTS}|calls)\b"),
    (Wish.STOP, rf"\b(?:the|these|your) (?:{_TEXTS}|calls) (?:must|need to|have to|has to|should) stop\b"),
    (Wish.UNCLEAR, rf"\b(?:tired of|sick of|fed up with) (?:(?:the|these|your|all) )*(?:{_TEXTS})\b"),
    (Wish.UNCLEAR, r"\b(?:dont|stop|quit|not) us(?:e|ing) this number\b|\bthis number is not for\b|^not this number$"),
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
    (Wish.UNCLEAR, rf"\b(?:i|we|you|they|people) (?:dont|never) (?:{_TEXT}|{_CALL})\b(?: (?:me|us))?(?: (?:again|any ?more)\b)?"),
    (
        Wish.UNCLEAR,
        rf"\b(?:dont|never) (?:{_TEXT}|{_CALL}) (?:to )?(?:my old|the|his|her|their|that) (?!(?:\w+ )?(?:phone|cell|number|line))\w+"
        r"(?: \w+)*? (?:again|any ?more)\b",
    ),
    (Wish.STOP, rf"\b(?:dont|never) (?:you )?(?:{_TEXT}|{_CALL})\b.*\b(?:again|any ?more)\b"),
    (
        Wish.STOP,
        rf"\b(?:dont|never) (?:you )?send (?:(?:me|us|anything|things|stuff|your|those|these|another|{_TEXTS}) )*(?:again|any ?more$)",
    ),
    (Wish.NONE, rf"\b(?:dont|never) (?:{_CALL})\b(?! or| and| list)(?: \w+)*? {_LATER}\b"),
    (Wish.UNCLEAR, rf"\b(?:dont|never) (?:{_TEXT})\b(?: \w+)*? {_LATER}\b"),
    (Wish.STOP, rf"\b(?:dont|never) (?:you )?(?:{_TEXT}|{_CALL}) {_AT_ME}|\b(?:dont|never) (?:{_TEXT}|{_CALL})$"),
    (
        Wish.STOP,
        rf"\b(?:dont|never) (?:you )?send (?:me |us )?(?:(?:any|more|another|these|those|of|this|your) )*"
        rf"(?:{_TEXTS}|stuff|crap|junk|things|offers|ads|anything)\b"
        r"|\b(?:dont|never) (?:you )?send (?:me |us )?(?:any|more|another|these|those)(?: any ?more| again)?$|\bdont send me$",
    ),
    (Wish.UNCLEAR, r"\b(?:dont|never) (?:you )?send (?:me |us )?(?:any|more|another|these|those)\b|\bdont reply to me\b"),
    (Wish.UNCLEAR, rf"\bdont (?:{_TEXT})\b"),
    # Does not want.
    (
        Wish.UNCLEAR,
        r"\b(?:dont|not|no longer) (?:want|need|like)(?: to)?(?: (?:be|get|receive))? (?:(?:any|more|your|the) )*"
        rf"(?:called|texted|contacted|calls|texts|messages) {_LATER}\b",
    ),
    (Wish.UNCLEAR, rf"\b(?:dont|not) like (?:(?:getting|receiving|the|these) )*(?:{_TEXTS})\b|\bdont want this service\b"),
    (Wish.UNCLEAR, rf"\b(?:unwanted|unsolicited) (?:{_TEXTS})\b"),
    (
        Wish.UNCLEAR,
        r"\b(?:dont|didnt|never|not) (?:(?:yet|you|mean|want|wish|need|try|trying|intend|ask|to|be) )*"
        r"(?:(?:unsubscribe|remove|delete|take) (?:me|us|my \w+|it)(?: off| from)?|unsubscribed?|removed|opt (?:me )?out|opted out)\b"
        r"(?: (?:of )?(?:your|the|this|my) (?:\w+ )?list)?",
    ),
    (
        Wish.STOP,
        r"\b(?:dont|didnt|no longer|not|never) (?:want|wish|like|care|need|interested)(?: to| in)?"
        r"(?: (?:be|get|receive|getting|receiving|see|hear|hearing))?"
        rf" (?:(?:any|more|your|these|the|all|of|anymore|no|further) )*(?:{_TEXTS}|calls|texted|messaged|contacted|called|from you)\b",
    ),
    (Wish.STOP, r"\bdont want to (?:receive|hear) any\w*\b(?!(?: more| else)? (?:about|of that))"),
    (
        Wish.STOP,
        rf"\bdont want (?:you|yall|you guys|anyone|anybody|people) (?:to )?(?:{_TEXT}|{_CALL}|send|texting|calling)\b"
        r"(?! (?:the|his|her|their|my (?!phone|cell|number|line))\b)",
    ),
    (Wish.UNCLEAR, rf"\bdont want (?:\w+ ){{1,2}}(?:to )?(?:{_TEXT}|{_CALL})\b"),
    (
        Wish.STOP,
        rf"\b(?<!said )no (?:more|further) (?:(?:of|your|the|these) )*(?:{_TEXTS}|calls|follow ?ups?)\b"
        r"(?! (?:from (?:the|my|them)|about|so far))"
        r"|^(?:hi |hello |ok |sorry )?no (?:texts?|texting|messages|calls|sms|spam)\b"
        rf"(?! (?:yet|from|received|came|so|on|in|here|{_LATER})\b)",
    ),
    (Wish.UNCLEAR, r"\b(?:wont|dont|doesnt|not|never) leave (?:me|us) alone\b"),
    (
        Wish.STOP,
        r"\b(?:leave (?:me|us) (?:alone|be)|f off|(?:fuck|piss|buzz) off(?! (?:the|my|his|her)\b)"
        r"|(?<!you )(?<!i )(?<!we )(?<!they )(?:lose|forget) (?:my|this) number)\b|^(?:go away|get lost)\b",
    ),
    (Wish.STOP, r"\bleave (?:me|us) the \w+ alone\b"),
    (
        Wish.STOP,
        r"\b(?:im|i am|i will|ill|going to|gonna|will be) (?:block|blocking) (?:you|your (?:number|texts|calls|phone)|this number)\b",
    ),
    # Lists and consent.
    (Wish.NONE, r"\b(?:(?:take|put|remove) (?:me|us) )?(?:off|from|on) (?:the |a |your )?(?:wait(?:ing)? ?list|speaker|mute)\b"),
    (
        Wish.NONE,
        rf"\b(?:remove|take|get|opt|removed|taken) (?:\w+ ){{0,5}}?(?:off|from|out) (?:of )?(?:the |my |this |our )?(?:{_OF_THE_LOAN})\b",
    ),
    (Wish.STOP, r"\b(?:take|remove) off (?:my|our|this) (?:phone )?number\b"),
    (Wish.STOP, rf"\b(?:remove|delete|erase) (?:{_ME})(?:$| (?:{_AT_ONCE})\b)"),
    (
        Wish.STOP,
        rf"\b(?:remove|delete|erase|take|drop|get) (?:{_ME})(?: (?:off|out)(?:$| (?:{_AT_ONCE})\b)| (?:off|from) (?:of )?this$"
        rf"| (?:off|from|out) (?:of )?(?:\w+ ){{0,2}}(?:lists?|database|system|texts?|messages?|contacts?|records?|marketing)\b)",
    ),
    (
        Wish.STOP,
        r"\b(?:want|me|us|number|name) (?:off|out) (?:of )?(?:this|your|the|all|any) (?:\w+ ){0,2}lists?\b"
        r"|^(?:remove|delete|off) (?:from |of )?(?:this|your|the|all|any) (?:\w+ ){0,2}lists?\b"
        r"|(?:^|\b(?:wants?|wish|ask|asked|asking|times|like|i need|we need) )to be"
        rf" (?:(?:removed|unsubscribed|left alone)(?:$|{_FROM_A_LIST})"
        r"|taken off(?:$| (?:\w+ ){0,3}lists?\b))",
    ),
    (
        Wish.UNCLEAR,
        r"\b(?:remove|take|delete|erase) (?:me|it|my (?:number|name|info|information)|this number)\b|\b(?:want|asked) to be removed\b",
    ),
    (Wish.STOP, r"\b(?:dont|not|no) call (?:list|registry)\b|\bdont contact list\b|\b(?:on|to) (?:the |your )?(?:dnc|dont call)\b"),
    (Wish.UNCLEAR, r"\bunsubscribed? (?:from )?(?:what|by (?:mistake|accident))\b|\b(?:an?|the|any) opt ?out\b"),
    (Wish.STOP, r"\bunsub(?:scribed?)?\b"),
    (
        Wish.UNCLEAR,
        r"\bopt(?:ing|ed)? out of (?:(?:the|your|my|our|this|these|those|all|any|of) )*+"
        r"(?!all|any|this|these|it\b|every|text|message|sms|call|market|communic|notif|alert|contact|receiv|get)\w+",
    ),
    (Wish.STOP, r"\b(?:opt(?:ing|ed)? (?:me )?out|optout)\b(?! (?:to|or|means))"),
    (
        Wish.STOP,
        rf"\b(?:dont|never|not|didnt) (?:\w+ )?(?:consent|agree|authorize)(?:ed|d)? to (?:\w+ )?"
        rf"(?:{_TEXTS}|{_TEXTING}|being (?:contacted|texted|called|messaged|solicited|spammed))\b",
    ),
    (Wish.UNCLEAR, r"\b(?:revoke|withdraw|rescind) .*\b(?:credit|employment|income|verification)\b"),
    (Wish.STOP, r"\b(?:revoke|revoking|withdraw|withdrawing|rescind) (?:\w+ ){0,3}(?:consent|permission|authorization)\b"),
    (Wish.STOP, r"\b(?:consent|permission) (?:is |was |has been )?(?:revoked|withdrawn)\b"),
    # The same in Spanish.
    (Wish.UNCLEAR, r"\b(?:puedo|podemos|debo|debemos|quiero|queremos|voy a) dejar de (?!recibir\b)\w+"),
    (
        Wish.UNCLEAR,
        r"\bdeje de (?:busc|marc|mand|envi|llam|escrib)\w+ (?:(?:a|al|la|el|los|las|un|una|mi|mis) )+(?!mensaj|texto)\w+"
        r"|\bdeje de \w+ casas?\b",
    ),
    (Wish.STOP, rf"\bdejar de recibir (?:(?:mas|sus|estos|los|las|tus) )*(?:{_MENSAJES})\b"),
    (Wish.STOP, r"^(?:fin de|sin|cancela) (?:(?:mas|los|sus) )*(?:mensajes|textos)$"),
    (
        Wish.STOP,
        r"\bno (?:quiero|queremos) (?:saber |saber nada |nada |ya nada )(?:de|con) (?:ustedes|usted|ti)\b"
        r"|\bsalir de (?:la|su|esta|tu) lista\b",
    ),
    (Wish.UNCLEAR, rf"\bno quiero (?:mas )?(?:llamadas|mensajes|textos) {_MAS_TARDE}\b"),
    (Wish.NONE, rf"^(?:de )?no (?:molestar|contactar|llamar) {_MAS_TARDE}\b"),
    (
        Wish.NONE,
        r"\b(?:quit|saqu|borr|elimin)\w* (?:a )?mi \w+ (?:del?|de la|de las)"
        r" (?:prestamo|hipoteca|escrituras?|titulo|contrato|cuenta|casa|aplicacion|solicitud|seguro)\b",
    ),
    (Wish.NONE, r"\b(?:quitenme|quiteme|quitame|saquenme|saqueme) (?:el|la|los|las|ese|esa|esos|este|esta|esos)\b"),
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
    (Wish.STOP, rf"\bno (?:(?:me|nos) )?(?:{_NO_MANDE}) (?:(?:ya|mas|ningun|estos|esos) )*(?:{_MENSAJES}|mas)\b"),
    (Wish.STOP, rf"\bno (?:me|nos) (?:{_NO_MANDE}) (?:ya |mas )?nada\b"),
    (
        Wish.STOP,
        r"^(?:ya )?no (?:me )?(?:manden|envien|mandes|envies|mande|envie|escriban|llamen|escriba|llame"
        r"|molest[ae]n?|molestes|contacten|texteen|marquen|esten molestando)(?: mas)?$",
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
    (Wish.STOP, r"^(?:de )?no (?:molestar|contactar|llamar|escribir|textear|(?:mandar|enviar) (?:mas )?(?:mensajes|textos))\b"),
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
        r"\b(?:quit|saqu|borr|elimin|remuev|retir|olvid)\w* (?:me |ya |de )?(?:(?:mi|este) (?:numero|nombre|telefono)"
        r"|de (?:\w+ ){0,2}(?:listas?|sistema|contactos))\b"
        r"|\b(?:retirenme|quitenme|quiteme|quitame|saquenme|saqueme|borrenme|borreme|borrame|eliminenme)\b",
    ),
    (Wish.NONE, r"\bde baja (?:el|la|los|las|mi|mis|al) (?:seguro|cuenta|tarjeta|poliza|hipoteca|prestamo|linea|servicio|carro)s?\b"),
    (Wish.STOP, r"\b(?:dar|darme|denme|deme|dame|darnos|(?:me|nos) den?) (?:me )?de baja\b"),
    (Wish.STOP, r"\b(?:revoco|revocar|retiro|retirar|cancelo) (?:\w+ ){0,2}(?:consentimiento|permiso|autorizacion)\b"),
    # May be a stop.
    (Wish.UNCLEAR, r"\b(?:not|no longer|isnt|arent|never) (?:at all )?interested\b"),
    (Wish.STOP, r"\bprohibo que (?:me|nos) \w+"),
    (
        Wish.UNCLEAR,
        r"\bno (?:les |le )?(?:doy|di|dimos) permiso\b|\bquien (?:les|le) dio permiso\b|\bno llamen? a mi (?:casa|espos\w+|telefono)\b",
    ),
    (Wish.UNCLEAR, r"\bprohibido (?:llamar|escribir)\b|\b(?:demandar|bloquear|reportar)(?:los|lo|le|les)?\b|^bloquead[oa]s?$"),
    (
        Wish.UNCLEAR,
        r"\b(?:quiero|queremos) que (?:ya )?pare[ns]?\b|^que (?:ya )?pare[ns]?(?: ya)?$|\bno insista[ns]?\b|^ya dejen?$|\bsuelten?me\b",
    ),
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
        r"\b(?:dont|never|not|didnt) (?:\w+ )?(?:consent|consented|agreed? to (?:be|this|these)|sign(?:ed)? up"
        r"|give you (?:\w+ )?permission)\b"
        r"|\bwho (?:gave|give) you (?:\w+ )?permission\b|\bno more (?:of )?(?:this|these|that)$|\bdont need your\b",
    ),
    # Somebody else's phone.
    (
        Wish.NONE,
        r"\b(?:i|we) (?:\w+ ){0,3}(?:the |a )?wrong (?:number|phone)\b|\bwrong (?:number|phone) (?:is |was )?(?:for|of|on|in|to)\b",
    ),
    (Wish.NONE, r"\b(?:numero|telefono) (?:equivocado|incorrecto) (?:esta|de|en|para)\b"),
    (Wish.UNCLEAR, r"(?<!you )\b(?:sent|emailed|mailed|gave|called|texted)(?: \w+){0,3} (?:the )?wrong (?:number|person|guy)\b"),
    (
        Wish.UNCLEAR,
        r"\bwrong (?:number|person|guy)\b.*\b(?:meant|that was|was) for\b|\b(?:is|was) (?:this|that|it) the wrong (?:number|person)\b",
    ),
    (Wish.UNCLEAR, r"\bthats (?:isnt|not) (?:the right|his|her|their) (?:number|person|phone)\b|\bnot the right person (?:at|for|to|in)\b"),
    (Wish.NONE, r"\bdont have this number (?:saved|stored|in|on)\b"),
    (Wish.WRONG_NUMBER, r"\bwrong (?:number|phone|person|guy|man|woman|lady|cell)\b|\bnot the right (?:number|person)\b"),
    (
        Wish.WRONG_NUMBER,
        r"\byou (?:have|got|texted|called|reached) the wrong(?:$| (?:one|girl|dude|house|family)\b)"
        r"|\bnot the (?:person|one) you\w*|\b(?:isnt|not) (?:his|her|their) (?:number|phone)\b",
    ),
    (Wish.WRONG_NUMBER, r"\b(?:no longer has|doesnt have|dont have) this (?:number|phone)\b"),
    (
        Wish.WRONG_NUMBER,
        r"\b(?:no ?one|nobody) (?:here )?(?:by|with|of) that name\b|\b(?:numero|persona|telefono) (?:equivocad[oa]|incorrect[oa])\b",
    ),
    (
        Wish.WRONG_NUMBER,
        r"\b(?:se )?equivoc(?:o|a|aron|an|aste|ado|ada) de (?:numero|persona|telefono)\b|\bnadie (?:con|de) (?:ese|este) nombre\b",
    ),
    (
        Wish.UNCLEAR,
        r"\b(?:you (?:have|got|texted|called|reached)|(?:youre|you are|you keep) (?:texting|calling|contacting)|this is) (?:\w+ )?"
        r"(?:somebody|some ?one) elses (?:number|phone|cell|line)\b",
    ),
    (
        Wish.UNCLEAR,
        r"\b(?:(?:i am|im|this is) not|this isnt) (?:her|him|(?:that|the) person(?: you \w+)*)"
        r"(?=$| (?:sorry|and|but|so|this|its|you|wrong)\b)"
        r"|\bno soy (?:el|ella|(?:esa|la) persona(?: que \w+)?)(?=$| (?:y|ni|pero|este|esta|perdon|disculpe|gracias)\b)",
    ),
    (
        Wish.UNCLEAR,
        r"^(?:(?:no|ay|hola|oiga|perdon|disculpe|disculpa|lo siento|creo que|usted|ustedes) )*(?:se|te) equivoc(?:o|a|aron|an|aste|as)"
        r"(?=$| (?:usted|ustedes|senor\w*|amig\w+|perdon|disculpe|gracias|yo|no|este|esta|aqui)\b)",
    ),
)
_NOT_OF_THAT_NAME = (
    r"\b(?:i am|im|we are|this is|it is|its|that is|thats) not {name}(?:s (?:number|phone|cell))?\b"
    r"|\b(?:this|it|that) isnt {name}(?:s (?:number|phone|cell))?\b"
    r"|\b(?:no ?body|no ?one|any ?one) (?:here )?(?:named|called) {name}\b|\bno {name} (?:here|at this)\b"
    r"|\bdont know (?:any {name}|a {name}|who {name} is)\b"
    r"|\bno (?:soy|es|me llamo) {name}\b|\bno conozco a (?:ningun\w* )?{name}\b"
    r"|\bno es (?:el )?(?:numero|telefono|celular) de {name}\b"
)
_LONGEST_NAME = 80
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
    r"|(?<!no )(?<!ni )\b(?:escribame|escribeme|escribanme|texteeme|texteame)\b"
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
_HASH = re.compile(r"(?<=\bmy )#|(?<=\bthis )#|(?<=\bwrong )#")
_DO_NOT = re.compile(r"\bdo not\b")
_WORD = re.compile(r"[a-z0-9]+")
_COMPILED = tuple((wish, re.compile(pattern)) for wish, pattern in _RULES)
_MISSPELLED = ("stop", "stopall", "quit", "cancel", "revoke", "optout", "unsubscribe")
_WELL_SPELLED = {"shop", "shops", "step", "steps", "quite", "quiet", "suit", "suits"}  # though one letter from a keyword


def read_wish(text: str, names: Iterable[str] = ()) -> Wish:
    """What the text asks for within its first MOST_READ characters: the most far-reaching wish of its sentences. A stop that is only nearly
    spelled is UNCLEAR, and so is that whoever writes is none of those with these `names`."""
    text = clean(text[:MOST_READ])
    if _REACTION.fullmatch(text):
        return Wish.NONE
    plain = _plain(text)
    wish = _read(plain)
    if wish in (Wish.NONE, Wish.START, Wish.HELP) and _read(_WORD.sub(_respelled, plain)) is Wish.STOP:
        return Wish.UNCLEAR
    if wish is Wish.NONE and "".join(_WORD.findall(plain)) in _STOP:  # "st op"
        return Wish.UNCLEAR
    if wish is Wish.NONE and len(_WORD.findall(plain)) <= _WORDS_BESIDE_A_SIGN and _SIGNS & set(text):
        return Wish.UNCLEAR
    if wish is Wish.NONE and any(_is_not(plain, name) for name in names):
        return Wish.UNCLEAR
    return wish


def _is_not(plain: str, name: str) -> bool:
    """Whether whoever writes says that they are not of that name. Only a known one tells "I am not Dana" from "I am not ready"."""
    first = next(iter(_WORD.findall(_plain(name[:_LONGEST_NAME]))), "")
    if len(first) < 2:
        return False
    denies = re.compile(_NOT_OF_THAT_NAME.format(name=first))
    clauses = [clause for sentence in _SENTENCE_ENDS.split(plain) for clause in _CLAUSE_ENDS.split(sentence)]  # "I am not, Dana" is signed
    said = [_DO_NOT.sub("dont", " ".join(_words(clause))) for clause in clauses]
    return _without_politeness(_words(plain)) == f"not {first}" or any(map(denies.search, said))


def _plain(text: str) -> str:
    """In small letters without accents and apostrophes; "S.T.O.P" and "stoooop" are "stop". Punctuation stays."""
    letters = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).casefold().replace("/", " or ").replace("&", " and ")
    letters = _HASH.sub("number", letters).replace("and thank you", "thanks").replace("thank you", "thanks")
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
