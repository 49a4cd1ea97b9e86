"""Word lists: of the two languages, of what can be wanted, and what carries no meaning."""

ENGLISH = frozenset(
    str.split("""
    the a an of and to in is it you that for on with as are this be have from or one had by but
    what all were when we there can your how said each which do their if will other about out
    many then them these some her would make like him into time has two more write see no way
    could people my than first been who its now find long down did get come made may part please
    show give me tell explain create why where hello hi thanks table list code should does want
    need using an
    """)
)

DUTCH = frozenset(
    str.split("""
    de het een en van ik te dat die niet zijn is er aan met voor maar om hij dan zou of wat mijn
    men dit zo door over ze zich bij ook tot je mij uit der daar haar naar heb hoe heeft hebben
    deze u want nog zal me zij nu ge geen omdat iets worden toch al waren veel meer doen toen
    moet ben zonder kan hun dus alles onder ja eens hier wie werd altijd doch wordt wezen kunnen
    ons zelf tegen na reeds wil kon niets uw iemand geweest andere schrijf maak geef leg uit
    vertel toon laat zien hallo hoi dank bedankt waarom waar wanneer welke graag alsjeblieft
    tabel lijst gedicht uitleg vertaal samenvatting vergelijk hoeveel goedemorgen goedemiddag
    kun kunt wil jij jullie wij los reken op
    """)
)

# Words that carry no meaning in a prompt, beside those of the two languages.
_ORDERS = frozenset(
    str.split("""
    poem haiku function functie python javascript sql bash html css result results resultaat
    resultaten short kort korte small kleine simple eenvoudige good goed goede new nieuwe nice
    mooi mooie write schrijven answer antwoord question vraag help hulp let also very much just
    only any because between tussen difference verschil compare email mail letter brief story
    verhaal tips ideas ideeën plan planning steps stappen things dingen using gebruik example
    voorbeeld words woorden sentence zin paragraph alinea text tekst dutch english nederlands
    engels translate summarize summarise samenvatten calculate bereken solve
    """)
)
FILLERS = ENGLISH | DUTCH | _ORDERS

# What a prompt can want, and how that sounds in English and Dutch.
WANTS = {
    "greeting": r"^\W*(hi|hello|hey|good (morning|evening|afternoon)|hallo|hoi|goede(morgen|middag"
    r"|navond)|dag)\b",
    "thanks": r"\b(thanks|thank you|thx|bedankt|dank je|dank u|dankjewel)\b",
    "again": r"^\W*(continue|go on|carry on|keep going|more|ga door|ga verder|verder|meer|again"
    r"|opnieuw)\b",
    "count": r"\b(how many|count)\b.*\b(words?|letters|characters|sentences)\b|\bhoeveel (woorden"
    r"|letters|tekens|zinnen)\b|\btel de (woorden|letters)\b",
    "summary": r"\bsummar|\btl;?dr\b|\bsamenvat|\bvat\b.*\bsamen\b",
    "translate": r"\btranslate\b|\bvertaal|\bhow do you say\b|\bhoe zeg je\b",
    "email": r"\be-?mail\b|\bletter to\b|\bbrief aan\b|\b(write|schrijf)\b.*\b(mail|mailtje|letter"
    r"|brief)\b",
    "poem": r"\bhaikus?\b|\bpoems?\b|\bsonnet|\blimerick|\bverse\b|gedicht|\bversje\b|\brijm",
    "story": r"\bstory\b|\btale\b|\bverhaal(tje)?\b|\bsprookje\b",
    "joke": r"\bjokes?\b|\bpun\b|\bgrap(je|pen)?\b|\bmop(je|pen)?\b",
    "recipe": r"\brecipe\b|\brecept\b|\bcook\b|\bpancakes?\b|\bpannenkoek|\bbake\b|\bbakken\b",
    "code": r"\bpython\b|\bjavascript\b|\btypescript\b|\bsql\b|\bbash\b|\bshell\b|\bhtml\b|\bcss\b"
    r"|\brust\b|\bgolang\b"
    r"|\bfunction\b|\bfunctie\b|\bscript\b|\bcode\b|\bprogram(ma)?\b|\balgorithm|\balgoritme"
    r"|\bregex\b|\bquery\b",
    "table": r"\btable\b|\btabel\b|\bspreadsheet\b",
    "compare": r"\bcompare\b|\bversus\b|\bvs\.?\b|\bdifferences? between\b|\bvergelijk"
    r"|\bverschil(len)? tussen\b|\bpros and cons\b|\bvoor- en nadelen\b",
    "maths": r"x(\^2|²)|\d\s*[-+*/×÷^]\s*\(?\d|\bequation\b|\bvergelijking\b|\bformula\b"
    r"|\bformule\b"
    r"|\bintegral\b|\bintegraal\b|\bderivative\b"
    r"|\bafgeleide\b|\bpythagoras\b|\bquadratic\b|\bsquare root\b|\bwortel\b|\bmaths?\b"
    r"|\bwiskunde\b|\b\d+([.,]\d+)?\s*(%|percent|procent)",
    "plan": r"\bplan\b|\bplanning\b|\bschedule\b|\bitinerary\b|\bto-?do\b|\bchecklist\b|\bsteps?\b"
    r"|\bstappen(plan)?\b|\brooster\b|\breisplan\b",
    "list": r"\blist\b|\bideas\b|\btips\b|\bexamples\b|\blijst(je)?\b|\bideeën\b|\bvoorbeelden\b"
    r"|\bbrainstorm|\bsuggest|\bnames for\b|\bnamen voor\b",
    "explain": r"\bexplain|\bwhat (is|are)\b|\bhow (do|does|can)\b|\bwhy\b|\bleg\b.*\buit\b"
    r"|\buitleg|\bwat (is|zijn)\b|\bhoe (werkt|werken)\b|\bwaarom\b",
}
